"""Uploads as objects of a bucket that speaks S3 (Amazon, MinIO, Ceph, 阿里云 OSS, 腾讯云 COS).

Objects are private and have no address: a view checks who may see them and hands the bytes through.
Loaded only where MEDIA_STORAGE=s3.
"""

from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from pilotwork.faults import StorageError

IN_MEMORY = 4 * 1024 * 1024  # bytes of an upload being read; the rest goes to a temporary file
CONNECT_WITHIN, ANSWER_WITHIN = 5, 30  # seconds


@contextmanager
def trouble_as_storage_error():
    """Let what the bucket's service refuses be what a disk's refusal is: a StorageError."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise StorageError(f"The bucket of uploads did not answer as it must: {error}") from error


class ObjectStorage(S3Storage):
    """A bucket; never overwrites an object, for an upload is never changed."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.client_config = Config(
            connect_timeout=CONNECT_WITHIN,
            read_timeout=ANSWER_WITHIN,
            retries={"mode": "standard", "max_attempts": 3},
            signature_version="s3v4",
            s3={"addressing_style": self.addressing_style},
            # Services other than Amazon's do not know its newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )

    def get_default_settings(self):
        return super().get_default_settings() | {
            "file_overwrite": False,
            "max_memory_size": IN_MEMORY,
        }

    def _open(self, name, mode="rb"):
        with trouble_as_storage_error():
            file = super()._open(name, mode)
            # Fetched now: trouble is met before an answer has begun.
            file.open()
            return file

    def _save(self, name, content):
        with trouble_as_storage_error():
            return super()._save(name, content)

    def exists(self, name):
        with trouble_as_storage_error():
            return super().exists(name)

    def delete(self, name):
        with trouble_as_storage_error():
            super().delete(name)

    def url(self, name, *args, **kwargs):
        raise ValueError("An uploaded file has no address; serve() it after checking who asks.")
