"""座谈会: what a pair talked over, with minutes and photos."""

from django.db import models

from pairings.models.joint import Joint, JointAttachment, not_withdrawn
from pairings.models.pairs import Pairing


class Seminar(Joint):
    """A meeting of both sides of a pair."""

    CONTENT = ("title", "held_on", "place", "attendees", "minutes")

    pairing = models.ForeignKey(
        Pairing, on_delete=models.PROTECT, related_name="seminars", verbose_name="结对"
    )
    held_on = models.DateField("召开日期")
    place = models.CharField("地点", max_length=80)
    attendees = models.TextField("参加人员", max_length=500)
    minutes = models.TextField("纪要", max_length=4000)

    class Meta:
        verbose_name = "座谈会"
        verbose_name_plural = "座谈会"
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing", "held_on", "title"],
                condition=not_withdrawn(),
                name="one_seminar_per_pair_day_and_title",
            )
        ]
        indexes = [
            models.Index(fields=["state", "state_since"], name="seminar_waiting"),
            models.Index(fields=["-held_on", "-id"], name="seminar_newest"),
        ]

    @property
    def happened_on(self):
        """The day by which it counts."""
        return self.held_on


class SeminarPhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the seminar sees its photos that were not taken off."""
        seminars = Seminar.objects.visible_to(user).order_by()
        return self.filter(seminar__in=seminars, removed_at=None)


class SeminarPhoto(JointAttachment):
    """A picture of a seminar, without its place data."""

    seminar = models.ForeignKey(
        Seminar, on_delete=models.PROTECT, related_name="photos", verbose_name="座谈会"
    )

    objects = SeminarPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "座谈会照片"
        verbose_name_plural = "座谈会照片"
        ordering = ["id"]
