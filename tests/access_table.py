"""Who may open and do what: every address of the site × every kind of person, written by hand.

The columns are the letters of `tests.access_world.KINDS`. A cell says what the person meets:

    .  the page (GET), done (POST)
    r  the page to read; doing anything on it is refused (403)
    x  refused with the reason (403)
    -  as if it did not exist (404)
    i  sign in first
    >  taken elsewhere

What the rows expect comes from DOMAIN.md: nobody but the unit sees a draft; county staff see what
was submitted; the books are the county's; accounts are the administrator's; members, mentors and
partners see their own; a superuser without duty decides on nothing.
"""

import pytest

# What one only reads. Address, about what, who:
READ = """
                                              N A R C G L D S U O T P F X E
home                     |                  | i . . . . . . . . . . . . i .
health                   |                  | . . . . . . . . . . . . . . .
robots                   |                  | . . . . . . . . . . . . . . .
public_unit              | public_page      | . . . . . . . . . . . . . . .
public_find_answer       | public_page      | . . . . . . . . . . . . . . .
public_receipt           | visitors_receipt | . . . . . . . . . . . . . . .
funds:plaques            |                  | i . . . . . . . . . . . . i .
funds:plaque             | hung_plaque      | i . . . . . . - . - - - . i -
funds:plaque_qr          | hung_plaque      | i . . . . . . - . - - - . i -
funds:print_plaque_qr    | hung_plaque      | i . . . . . . - . - - - . i -
funds:plaque_photo       | plaque_photo     | i . . . . . . - . - - - . i -
awards:cycles            |                  | i . . . . . . . . . . . . i .
awards:cycle             | cycle            | i . . . . . . - . . - - . i -
awards:print_notice      | posted_cycle     | i . . . . . . - . . - - . i -
awards:nomination        | draft_nomination | i - - - - - - - . - - - - i -
awards:nomination        | nomination       | i . . . . . . - . - - - . i -
awards:nomination_form   | nomination       | i . . . . . . - . - - - . i -
awards:contributions     |                  | i . . . . . . . . . . . . i .
awards:contribution      | contribution     | i . . . . . . - . - - - . i -
awards:evidence          | evidence         | i . . . . . . - . - - - . i -
awards:campaigns         |                  | i . . . . . . . . . . . . i .
awards:campaign          | campaign         | i . . . . . . - . - - - . i -
awards:rewards           |                  | i . . . . . . . . . . . . i .
awards:reward            | paid_reward      | i . . . . . . - . - - - . i -
awards:reward_file       | reward_file      | i . . . . . . - . - - - . i -
reports:next_waiting     |                  | i > > > > > > > > > > > > i >
reports:todo             |                  | i . . . . . . . . . . . . i .
reports:units            |                  | i . . . . . . . . . . . . i .
reports:unit             | unit             | i . . . . . . - . - - - . i -
reports:unit_archive     | unit             | i . . . . . . - . - - - . i -
reports:choose_programme |                  | i . . . . . . . . . . . . i .
reports:archives         |                  | i . . . . . . x x x x x x i x
reports:programme        | programme        | i . . . . . . - - - - - - i -
funds:carry_over         | carry_over       | i . . . . . . - - - - - - i -
reports:programme_archive| programme        | i . . . . . . - - - - - - i -
reports:ledgers          |                  | i . . . . . . . . . . . . i .
reports:briefing         |                  | i > > > > > > x x x x x x i x
reports:briefing_page    | programme report | i . . . . . . - - - - - - i -
reports:briefing_page    | programme summary | i . . . . . . - - - - - - i -
reports:briefing_word    | programme report | i . . . . . . - - - - - - i -
reports:frozen_briefings |                  | i . . . . . . x x x x x x i x
reports:frozen_briefing  | frozen_report    | i . . . . . . - - - - - - i -
reports:frozen_briefing_word | frozen_report | i . . . . . . - - - - - - i -
reports:compare_briefing | frozen_report    | i . . . . . . - - - - - - i -
reports:public_page      | unit             | i . . . . . . - . - - - . i -
reports:preview_public_page | unit          | i . . . . . . - . - - - . i -
reports:public_qr        | unit             | i . . . . . . - . - - - . i -
reports:figure           | figure           | i . . . . . . x x x x x x i x
reports:help             |                  | i . . . . . . . . . . . . i .
reports:help_picture     | guide_picture    | i . . . . . . . . . . . . i .
reports:setup            |                  | i x x x x x . . x x x x x i x
reports:imports          |                  | i x . . . x . . x x x x x i x
reports:import           | organisation_list | i - - - - - . - - - - - - i -
reports:import_template  | organisation_kind | i x x x x x . . x x x x x i x
reports:import_template  | visit_kind       | i x . x . x x x x x x x x i x
reports:so_far           |                  | i . . . . . . x x x x x x i x
reports:trends           |                  | i . . . . . . x x x x x x i x
reports:audit            |                  | i x x x x . . x x x x x x i x
reports:audit_change     | changed_row      | i x x x x . . x x x x x x i x
accounts:people          |                  | i x x x x . . . x x x x x i x
accounts:credentials     | newcomer         | i - - - - x . . - - - - - i -
mentors:person           | newcomer         | i - - - - . . . - - - - - i -
mentors:person           | member           | i - - - - . . . . - - - - i -
mentors:assignments      |                  | i . . . . . . . . . . . . i .
mentors:coverage         |                  | i x x x x . . . x x x x x i x
mentors:activities       |                  | i . . . . . . . . . . . . i .
mentors:five_ones        |                  | i . . . . . . . . . . . . i .
mentors:unit_file        | unit             | i . . . . . . - . - - - . i -
mentors:weekly_sheet     |                  | i . . . . . . . . . . . . i .
mentors:visits           |                  | i . . . . . . . . . . . . i .
mentors:print_visits     |                  | i . . . . . . . . . . . . i .
mentors:new_visit        |                  | i . . . > x x x x x x x x i x
mentors:visit            | visit            | i . . . . . . - . - - - . i -
mentors:print_visit      | visit            | i . . . . . . - . - - - . i -
mentors:visit_photo      | photo            | i . . . . . . - . - - - . i -
mentors:documents        |                  | i . . . . . . . . . . . . i .
mentors:document         | document         | i . . . . . . - . - - - . i -
mentors:document_version | version          | i . . . . . . - . - - - . i -
mentors:difficulties     |                  | i . . . . . . . . . . . . i .
mentors:difficulty       | difficulty       | i . . . . . . - . - - - . i -
mentors:excuses          |                  | i . . . . . . . . . . . . i .
mentors:excuse           | excuse           | i . . . . . . - . - - - . i -
mentors:coordinations    |                  | i . . . . . . . . . . . . i .
mentors:research         |                  | i . . . . . . . . . . . . i .
funds:dues               |                  | i . . . . . . . . . . . . i .
funds:print_dues         |                  | i . . . . . . . . . . . . i .
funds:dues_record        | dues_refunded    | i . . . . . . - . - - - . i -
funds:dues_file          | dues_file        | i . . . . . . - . - - - . i -
units:calendar           |                  | i x x x x x . . x x x x x i x
units:suggestions        |                  | i . . . . . . . . . . . . i .
units:suggestion         | suggestion       | i . . . . . . - . - - - - i -
units:suggestion         | visitors_suggestion | i . . . . . . - - - - - - i -
pairings:pairings        |                  | i . . . . . . . . . . . . i .
pairings:pairing         | pairing          | i . . . . . . - . - - . . i -
pairings:seminars        |                  | i . . . . . . . . . . . . i .
pairings:seminar         | seminar          | i . . . . . . - . - - . . i -
pairings:print_seminar   | seminar          | i . . . . . . - . - - . . i -
pairings:seminar_photo   | seminar_photo    | i . . . . . . - . - - . . i -
pairings:agreements      |                  | i . . . . . . . . . . . . i .
pairings:agreement       | agreement        | i . . . . . . - . - - . . i -
pairings:print_agreement | agreement        | i . . . . . . - . - - . . i -
pairings:agreement_file  | agreement_file   | i . . . . . . - . - - . . i -
funds:applications       |                  | i . . . . . . . . . . . . i .
funds:application        | draft            | i - - - - - - - . - - - - i -
funds:application        | submitted        | i . . . . . . - . - - - . i -
funds:application        | closed           | i . . . . . . - . - - - . i -
funds:version            | submitted 1      | i . . . . . . - . - - - . i -
funds:approval_form      | draft            | i - - - - - - - . - - - - i -
funds:approval_form      | approved         | i . . . . . . - . - - - . i -
funds:closure_form       | closing          | i . . . . . . - . - - - . i -
funds:attachment         | draft_file       | i - - - - - - - . - - - - i -
funds:attachment         | proposal_file    | i . . . . . . - . - - - . i -
funds:attachment         | removed_file     | i . . . . . . - - - - - - i -
funds:change             | filed_change     | i . . . . . . - . - - - . i -
funds:accounts           |                  | i . . . . . . x x x x x x i x
funds:check_printed      |                  | i . . . . . . x x x x x x i x
funds:account            | fund             | i . . . . . . - - - - - - i -
funds:voucher            | payment          | i . . . . . . - . - - - . i -
funds:voucher            | receipt          | i . . . . . . - - - - - - i -
"""

# What changes something. Address, about what, who, and what is typed (`w` is the world).
DO = """
                                              N A R C G L D S U O T P F X E
accounts:sign_out        |                  | > > > > > > > > > > > > > > >
accounts:change_password |                  | i . . . . . . . . . . . . i .
accounts:new_person      |                  | i x x x x x . . x x x x x i x
accounts:edit_person     | newcomer         | i - - - - x . . - - - - - i -
accounts:temporary_password | newcomer      | i - - - - x . . - - - - - i -
accounts:registration_code | newcomer       | i - - - - x . . - - - - - i -
accounts:switch_off      | newcomer         | i - - - - x . . - - - - - i -
accounts:switch_on       | outsider         | i - - - - x . . - - - - - i -
accounts:switch_digest   | newcomer         | i - - - - x . . - - - - - i -
accounts:switch_digest   | member           | i - - - - x . . . - - - - i -
accounts:lift_lockout    | outsider         | i - - - - x . . - - - - - i -
accounts:reset_factor    | phoned           | i - - - - x . . - - - - - i -
accounts:grant_duty      | newcomer         | i - - - - x . . - - - - - i -
accounts:grant_duty      | member           | i - - - - x . . x - - - - i -
accounts:end_duty        | grant            | i - - - - x . . - - - - - i -
mentors:join             | newcomer         | i - - - - x . . - - - - - i -
mentors:end_membership   | membership       | i - - - - x . . x - - - - i -
mentors:change_mentor    | free_unit        | i x x x x x . - - - - - - i -
mentors:change_mentor    | unit             | i x x x x x . - x - - - - i -
mentors:handover         |                  | i x x x x x . . x x x x x i x
mentors:register_activity | unit            | i x x x . x x - . - - - x i -
mentors:advance_activity | activity         | i x x x . x x - . - - - x i -
mentors:record_visit     | unit             | i . . . . x x - x - - - x i -
mentors:correct_visit    | visit            | i x x x . x x - x - - - x i -
mentors:act_on_visit     | late_visit confirm | i x . x x x x - x - - - x i -
mentors:act_on_visit     | late_visit decline | i x . x x x x - x - - - x i -
mentors:upload_document  | unit summary     | i x x x . x x - . - - - x i -
mentors:act_on_document  | document confirm | i x . x x x x - x - - - x i -
mentors:act_on_document  | document send_back | i x . x x x x - x - - - x i -
mentors:act_on_document  | document upload  | i x x x . x x - . - - - x i -
mentors:raise_difficulty | unit             | i x x x . x x - . - - - x i -
mentors:act_on_difficulty | difficulty reword | i x x x . x x - . - - - x i -
mentors:act_on_difficulty | difficulty solve | i x x x . x x - x - - - x i -
mentors:act_on_difficulty | solved_difficulty confirm | i x x x x x x - . - - - x i -
mentors:act_on_difficulty | solved_difficulty reject | i x x x x x x - . - - - x i -
mentors:ask_excuse       | unit             | i x x x . x x - x - - - x i -
mentors:act_on_excuse    | excuse agree     | i . . x x x x - x - - - x i -
mentors:act_on_excuse    | excuse decline   | i . . x x x x - x - - - x i -
mentors:act_on_excuse    | excuse withdraw  | i x x x . x x - x - - - x i -
mentors:coordinate       | unit             | i x x x . x x - x - - - x i -
mentors:receive_coordinated | coordination     | i x x x . x x - . - - - x i -
mentors:correct_coordination | coordination  | i x x x . x x - x - - - x i -
mentors:correct_research | research         | i x x x . x x - x - - - x i -
mentors:note_research    | unit             | i x x x . x x - x - - - x i -
units:set_working_day    |                  | i x x x x x . . x x x x x i x
units:unset_working_day  | override         | i - - - - - . . - - - - - i -
public_suggest           | public_page      | . . . . . . . . . . . . . . .
units:suggest            |                  | i . . . . . . . . . . . . i .
units:act_on_suggestion  | suggestion reply | i . . x . x . - x - - - - i -
units:act_on_suggestion  | suggestion file  | i . . x . x . - x - - - - i -
units:act_on_suggestion  | visitors_suggestion reply | i . . x . x . - - - - - - i -
reports:open_public_page | unit             | i . . x x x x - x - - - x i -
reports:close_public_page | other_unit      | i . . x . x x - - x - - - i -
units:act_on_unit        | unit leave       | i x x x x x . - x - - - - i -
units:act_on_unit        | unit finish      | i x x x x x . - x - - - - i -
reports:show_programme   |                  | i > > > > > > > > > > > > i >
reports:new_programme    |                  | i x x x x x . . x x x x x i x
reports:act_on_programme | programme end    | i x x x x x . - - - - - - i -
funds:decide_carry_over  | ended_programme  | i . x x . x x x x x x x x i x
funds:act_on_carry_over  | carry_over book  | i x x . . x x - - - - - - i -
funds:act_on_carry_over  | carry_over revoke | i . x x . x x - - - - - - i -
pairings:pair            |                  | i x x x x x . . x x x x x i x
pairings:end             | pairing          | i x x x x x . - x - - x x i -
pairings:enter_seminar   | pairing          | i x x x x x x - . - - . x i -
pairings:enter_seminar_on_behalf | lonely_pairing | i x . x . x x - - - - - - i -
pairings:enter_agreement | pairing          | i x x x x x x - . - - . x i -
pairings:enter_agreement_on_behalf | lonely_pairing | i x . x . x x - - - - - - i -
pairings:act_on_seminar  | seminar confirm  | i x x x x x x - x - - . x i -
pairings:act_on_seminar  | seminar dispute  | i x x x x x x - x - - . x i -
pairings:act_on_seminar  | disputed_seminar correct | i x x x x x x - . - - x x i -
pairings:act_on_seminar  | lonely_seminar confirm_on_behalf | i x . x . x x - - - - - - i -
pairings:act_on_seminar  | seminar withdraw | i x . x x x x - x - - x x i -
pairings:act_on_agreement | agreement confirm | i x x x x x x - . - - x x i -
pairings:act_on_agreement | agreement dispute | i x x x x x x - . - - x x i -
pairings:act_on_agreement | agreement correct | i x x x x x x - x - - . x i -
pairings:act_on_agreement | counting_agreement add_results | i x . x x x x - . - - . x i -
pairings:act_on_agreement | counting_agreement withdraw | i x . x x x x - x - - x x i -
funds:record_dues        | unit             | i x x . . x x - x - - - x i -
funds:refund_dues        |                  | i x x . . x x x x x x x x i x
funds:act_on_dues        | dues_paid_in_part amend | i x x . . x x - x - - - x i -
funds:act_on_dues        | dues_paid_in_part collect | i x x . . x x - x - - - x i -
funds:act_on_dues        | dues_paid_in_part reverse_payment | i x x . . x x - x - - - x i -
funds:act_on_dues        | dues_paid_in_part confirm | i x . x x x x - x - - - x i -
funds:act_on_dues        | dues_to_refund send_back | i x . x x x x - x - - - x i -
funds:act_on_dues        | dues_to_refund refund | i x x . x x x - x - - - x i -
funds:act_on_dues        | dues_to_waive waive | i . x x x x x - x - - - x i -
funds:act_on_dues        | dues_waiver_reopened revoke_waiver | i . x x x x x - x - - - x i -
funds:act_on_dues        | dues_refunded reopen | i . x x x x x - x - - - x i -
funds:act_on_dues        | dues_waiver_reopened uphold | i . x x x x x - x - - - x i -
funds:act_on_dues        | dues_refund_reopened reverse_refund | i x x . x x x - x - - - x i -
funds:act_on_dues        | dues_refunded acknowledge | i x x x x x x - . - - - x i -
funds:act_on_dues        | dues_refunded log_use | i x x x x x x - . - - - x i -
funds:act_on_dues        | dues_used void_use | i x x x x x x - . - - - x i -
funds:propose_plaque     |                  | i x . x . x x x x x x x x i x
funds:renew_plaque       | lasting_plaque   | i x . x . x x - - - - - - i -
funds:act_on_plaque      | proposed_plaque approve | i . x x . x x - - x - - - i -
funds:act_on_plaque      | proposed_plaque decline | i . x x . x x - - x - - - i -
funds:act_on_plaque      | next_plaque pay         | i x x . x x x - x - - - x i -
funds:act_on_plaque      | next_plaque hang        | i x . x . x x - x - - - x i -
funds:act_on_plaque      | next_plaque withdraw    | i . x x x x x - x - - - x i -
funds:act_on_plaque      | hung_plaque reverse     | i x x . x x x - x - - - x i -
funds:act_on_plaque      | hung_plaque replace     | i x . x . x x - x - - - x i -
funds:act_on_plaque      | ended_plaque reopen     | i . x x . x x - - - - - - i -
awards:open_cycle        |                  | i x . x . x x x x x x x x i x
awards:set_quotas        | cycle            | i x . x . x x - x x - - x i -
awards:act_on_cycle      | empty_cycle cancel | i x . x . x x - x x - - x i -
awards:act_on_cycle      | ready_cycle post | i x . x . x x - x x - - x i -
awards:act_on_cycle      | posted_cycle take_down | i x . x . x x - x x - - x i -
awards:act_on_cycle      | over_cycle conclude | i . x x x x x - x x - - x i -
awards:log_objection     | posted_cycle     | i x . x . x x - x x - - x i -
awards:answer_objection  | objection        | i x . x x x x - - - - - - i -
awards:nominate          | cycle            | i x . x . x x - . . - - x i -
awards:edit_nomination   | draft_nomination | i - - - - - - - . - - - - i -
awards:edit_nomination   | returned_nomination | i x x x x x x - . - - - x i -
awards:discard_nomination | draft_nomination | i - - - - - - - . - - - - i -
awards:act_on_nomination | draft_nomination submit | i - - - - - - - . - - - - i -
awards:act_on_nomination | returned_nomination submit | i x x x x x x - . - - - x i -
awards:act_on_nomination | nomination review | i x . x x x x - x - - - x i -
awards:act_on_nomination | nomination send_back | i x . x x x x - x - - - x i -
awards:act_on_nomination | nomination decline | i x . x x x x - x - - - x i -
awards:act_on_nomination | nomination withdraw | i x x x x x x - . - - - x i -
awards:act_on_nomination | reviewed_nomination approve | i . x x x x x - x - - - x i -
awards:act_on_nomination | reviewed_nomination send_back | i . x x x x x - x - - - x i -
awards:act_on_nomination | reviewed_nomination decline | i . x x x x x - x - - - x i -
awards:propose           |                  | i x . x . x x x x x x x x i x
awards:act_on_contribution | contribution recognise | i . x x x x x - x - - - x i -
awards:act_on_contribution | contribution decline | i . x x x x x - x - - - x i -
awards:act_on_contribution | contribution withdraw | i x x x . x x - x - - - x i -
awards:new_campaign      |                  | i x . x . x x x x x x x x i x
awards:edit_campaign     | campaign         | i x . x . x x - x - - - x i -
awards:propose_reward    |                  | i x . x . x x x x x x x x i x
awards:act_on_reward     | proposed_reward approve | i . x x x x x - x - - - x i -
awards:act_on_reward     | proposed_reward decline | i . x x x x x - x - - - x i -
awards:act_on_reward     | approved_reward pay     | i x x . . x x - - x - - - i -
awards:act_on_reward     | approved_reward cancel  | i . x x . x x - - x - - - i -
awards:act_on_reward     | paid_reward reopen      | i . x x x x x - x - - - x i -
awards:act_on_reward     | reopened_reward reverse | i x x . . x x - - - - - - i -
awards:act_on_reward     | reopened_reward uphold  | i . x x . x x - - - - - - i -
funds:new_application    |                  | i x x x x x x x . . x x x i x
funds:edit_application   | draft            | i - - - - - - - . - - - - i -
funds:edit_application   | returned         | i x x x x x x - . - - - x i -
funds:discard_application | draft           | i - - - - - - - . - - - - i -
funds:file_change        | approved         | i x x x x x x - . - - - x i -
funds:act_on_change      | filed_change review     | i x . x x x x - x - - - x i -
funds:act_on_change      | filed_change decline    | i x . x x x x - x - - - x i -
funds:act_on_change      | filed_change withdraw   | i x x x x x x - . - - - x i -
funds:act_on_change      | reviewed_change approve | i . x x x x x - x - - - x i -
funds:act                | draft submit            | i - - - - - - - . - - - - i -
funds:act                | returned resubmit       | i x x x x x x - . - - - x i -
funds:act                | submitted withdraw      | i x x x x x x - . - - - x i -
funds:act                | submitted mentor_opinion   | i x x x . x x - x - - - x i -
funds:act                | submitted superior_opinion | i x . x x x x - x - - - x i -
funds:act                | submitted review        | i x . x x x x - x - - - x i -
funds:act                | submitted send_back     | i x . x x x x - x - - - x i -
funds:act                | submitted reject        | i x . x x x x - x - - - x i -
funds:act                | reviewed approve        | i . x x x x x - x - - - x i -
funds:act                | reviewed send_back      | i . x x x x x - x - - - x i -
funds:act                | reviewed reject         | i . x x x x x - x - - - x i -
funds:act                | approved pay            | i x x . x x x - x - - - x i -
funds:act                | approved reduce         | i . x x x x x - x - - - x i -
funds:act                | approved revoke         | i . x x x x x - x - - - x i -
funds:act                | partly_paid pay         | i x x . x x x - x - - - x i -
funds:act                | partly_paid reverse     | i x x . x x x - x - - - x i -
funds:act                | partly_paid terminate   | i . x x x x x - x - - - x i -
funds:act                | partly_paid file_closure | i x x x x x x - . - - - x i -
funds:act                | closing review_closure  | i x . x x x x - x - - - x i -
funds:act                | closing send_back_closure | i x . x x x x - x - - - x i -
funds:act                | closing recover         | i x x . x x x - x - - - x i -
funds:act                | closure_reviewed waive  | i . x x x x x - x - - - x i -
funds:act                | closure_settled close   | i . x x x x x - x - - - x i -
funds:act                | closed reopen           | i . x x x x x - x - - - x i -
reports:setup_programme  |                  | i x x x x x > > x x x x x i x
reports:setup_people     |                  | i x x x x x . . x x x x x i x
reports:setup_own_duty   |                  | i x x x x x > . x x x x x i x
reports:setup_units      |                  | i x x x x x . . x x x x x i x
reports:setup_accounts   |                  | i x x x x x . . x x x x x i x
reports:setup_hand_out   |                  | i x x x x x . . x x x x x i x
reports:import_upload    | organisation_kind | i x x x x x . . x x x x x i x
reports:import_upload    | dues_kind        | i x x . . x x x x x x x x i x
reports:import_upload    | quota_kind       | i x . x . x x x x x x x x i x
reports:import_upload    | visit_kind       | i x . x . x x x x x x x x i x
reports:confirm_import   | organisation_list | i - - - - - . - - - - - - i -
funds:receive            | fund             | i x x . . x x - - - - - - i -
funds:plan_receipt       | fund             | i x x . . x . - - - - - - i -
reports:edit_briefing    | programme report | i . . x . x x - - - - - - i -
reports:freeze_briefing  | programme report | i . . x . x x - - - - - - i -
funds:reconcile          | fund             | i r r . . r r - - - - - - i -
funds:reverse_receipt    | receipt          | i x x . . x x - - - - - - i -
"""

# Seen by people who are not signed in, and by nobody who is.
GATE = """
                                              N A R C G L D S U O T P F X E
accounts:sign_in         |                  | . > > > > > > > > > > > > . >
accounts:register        |                  | . > > > > > > > > > > > > . >
"""

# One's own second factor, which nobody here has, and the password again: they are of whoever is
# signed in. tests/accounts says what is done there.
OWN = """
                                              N A R C G L D S U O T P F X E
accounts:confirm         |                  | i . . . . . . . . . . . . i .
accounts:second_factor   |                  | i . . . . . . . . . . . . i .
accounts:enter_code      |                  | i > > > > > > > > > > > > i >
accounts:renew_codes     |                  | i 405 405 405 405 405 405 405 405 405 405 405 405 i 405
accounts:give_up_factor  |                  | i 405 405 405 405 405 405 405 405 405 405 405 405 i 405
"""

# What of DO asks for the password again though it books no entry: it waives money due, gives
# somebody access, freezes, publishes, ends, imports. What books an entry asks in any case.
SENSITIVE = {
    "accounts:new_person",
    "accounts:temporary_password",
    "accounts:registration_code",
    "accounts:switch_on",
    "accounts:reset_factor",
    "accounts:grant_duty",
    "mentors:join",
    "mentors:handover",
    "funds:act_on_dues waive",
    "funds:act waive",
    "funds:act close",
    "funds:act reopen",
    "reports:open_public_page",
    "reports:confirm_import",
    "reports:freeze_briefing",
    "reports:act_on_programme end",
    "reports:setup_people",
    "reports:setup_own_duty",
    "reports:setup_accounts",
    "reports:setup_hand_out",
}


def rows_of(table):
    """[(name, about, {letter: cell})] of one of the tables above."""
    head, *lines = [line for line in table.splitlines() if line.strip()]
    rows = []
    for line in lines:
        name, about, cells = (part.strip() for part in line.split("|"))
        rows.append((name, about.split(), dict(zip(head.split(), cells.split(), strict=True))))
    return rows


def cases(table, long=()):
    """The rows as test parameters named by their address; those of the names in `long` are long."""
    return [
        pytest.param(
            *row, id=" ".join([row[0], *row[1]]), marks=[pytest.mark.long] * (row[0] in long)
        )
        for row in rows_of(table)
    ]
