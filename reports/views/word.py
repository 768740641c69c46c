"""An official document sent as a Word file."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from pilotwork.paper.official import to_docx
from pilotwork.templatetags.pilotwork import cn_full_date

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_response(document, *, on, created_at):
    """The OfficialDocument as a file to save, named by its title and the cutoff day `on`.

    Its properties name the committee that signs it and `created_at` (aware).
    """
    content = to_docx(document, author=document.signature, created_at=created_at)
    name = f"{document.title}（截至{cn_full_date(on)}）.docx"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=WORD, headers=headers)
