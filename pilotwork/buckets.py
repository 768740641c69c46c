"""Where uploads are kept, as environment variables say it: a folder, or a bucket that speaks S3."""

from django.core.exceptions import ImproperlyConfigured

FOLDER, S3 = "folder", "s3"
NEEDED = ("S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY")
# Whose bucket it is: the address of the service, or the region of Amazon's.
WHERE = ("S3_ENDPOINT", "S3_REGION")
STYLE = "S3_ADDRESSING"
STYLES = {"auto", "path", "virtual"}


def upload_storage(env) -> dict:
    """Return the STORAGES entry of uploads that the environment (an environ.Env) asks for.

    Raises ImproperlyConfigured for half a configuration: a bucket without its name, keys or address,
    or variables of a bucket that is not used, after which uploads would lie where nobody expects
    them.
    """
    kind = env.str("MEDIA_STORAGE", default=FOLDER)
    given = {name: env.str(name, default="") for name in (*NEEDED, *WHERE, STYLE)}
    if kind == FOLDER:
        _refuse([name for name, value in given.items() if value], "needs MEDIA_STORAGE=s3.")
        return {"BACKEND": "pilotwork.files.PrivateStorage"}
    if kind != S3:
        raise ImproperlyConfigured(f"MEDIA_STORAGE must be {FOLDER} or {S3}.")
    _refuse([name for name in NEEDED if not given[name]], "must be set for MEDIA_STORAGE=s3.")
    if not any(given[name] for name in WHERE):
        raise ImproperlyConfigured(f"{' or '.join(WHERE)} must be set for MEDIA_STORAGE=s3.")
    style = given[STYLE] or "auto"
    if style not in STYLES:
        raise ImproperlyConfigured(f"{STYLE} must be one of {', '.join(sorted(STYLES))}.")
    options = {
        "bucket_name": given["S3_BUCKET"],
        "access_key": given["S3_ACCESS_KEY"],
        "secret_key": given["S3_SECRET_KEY"],
        "endpoint_url": given["S3_ENDPOINT"] or None,
        "region_name": given["S3_REGION"] or None,
        "addressing_style": style,
    }
    return {"BACKEND": "pilotwork.object_storage.ObjectStorage", "OPTIONS": options}


def _refuse(names, words):
    if names:
        raise ImproperlyConfigured(f"{', '.join(names)} {words}")
