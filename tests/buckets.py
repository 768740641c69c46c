"""A server on this machine that speaks S3, and a bucket in it."""

import uuid
from contextlib import contextmanager

import boto3
import environ
from moto.server import ThreadedMotoServer

from pilotwork.buckets import upload_storage

HOST = "127.0.0.1"


class Service:
    """A running S3 service; `variables` are the environment that leads to a new bucket in it."""

    def __init__(self):
        self._server = ThreadedMotoServer(HOST, port=0, verbose=False)
        self._server.start()
        _, port = self._server.get_host_and_port()
        self.endpoint = f"http://{HOST}:{port}"

    def stop(self):
        self._server.stop()

    def client(self):
        """A client of boto's own, to look at the service from outside."""
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        return boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1", **keys)

    def new_bucket(self):
        """Make a bucket; returns the environment variables of an installation that uses it."""
        name = f"uploads-{uuid.uuid4().hex}"
        self.client().create_bucket(Bucket=name)
        return {
            "MEDIA_STORAGE": "s3",
            "S3_BUCKET": name,
            "S3_ENDPOINT": self.endpoint,
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY": "key",
            "S3_SECRET_KEY": "secret",
        }


@contextmanager
def s3_service():
    """A Service while the block runs."""
    service = Service()
    try:
        yield service
    finally:
        service.stop()


def storage_of(variables):
    """The STORAGES entry of uploads in an environment of just these variables."""
    env = environ.Env()
    env.ENVIRON = variables
    return upload_storage(env)
