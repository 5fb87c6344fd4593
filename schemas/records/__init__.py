"""The record types, generated from the lexicons by `python -m schemas.generate`."""

from schemas.records.credential import Credential
from schemas.records.defs import Answer, Attachment, Picture, Retirement, Tool
from schemas.records.endorsement import Endorsement
from schemas.records.module import Module
from schemas.records.module_version import ModuleVersion
from schemas.records.node import Node, Peer
from schemas.records.path import Path
from schemas.records.path_version import PathVersion, Stop
from schemas.records.profile import Profile
from schemas.records.skill import Skill
from schemas.records.strong_ref import StrongRef
from schemas.records.suggestion import Suggestion
from schemas.records.task import Task
from schemas.records.task_version import Step, TaskVersion
from schemas.records.vouch import Vouch

__all__ = [
    "Answer",
    "Attachment",
    "Credential",
    "Endorsement",
    "Module",
    "ModuleVersion",
    "Node",
    "Path",
    "PathVersion",
    "Peer",
    "Picture",
    "Profile",
    "Retirement",
    "Skill",
    "Step",
    "Stop",
    "StrongRef",
    "Suggestion",
    "Task",
    "TaskVersion",
    "Tool",
    "Vouch",
]
