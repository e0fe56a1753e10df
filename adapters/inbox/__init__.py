"""The inboxes where returned workbooks arrive: folders, in any file system that fsspec knows. They are read, never written."""

from adapters.inbox.arrivals import Arrived, Waiting, arrivals
from adapters.inbox.folder import Folder, InboxFile, InkorgsFel, OpenFolder, open_folder
from adapters.inbox.places import is_there, plain_folder, s3_folder, sftp_folder

__all__ = [
    "Arrived",
    "Folder",
    "InboxFile",
    "InkorgsFel",
    "OpenFolder",
    "Waiting",
    "arrivals",
    "is_there",
    "open_folder",
    "plain_folder",
    "s3_folder",
    "sftp_folder",
]
