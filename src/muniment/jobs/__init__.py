"""Background work: a table instead of a broker, and followers instead of a bus.

Nouns: Job, Chore, Follower, Run. Verbs: enqueue, claim, finish, fail, unpark, step, Runner.run.
A promise never rides on a web framework's background task: a job survives the process, is done by
whoever holds its lease, and is parked for a person when it keeps failing. Floor: machinery.
"""

from muniment.jobs.follow import (
    Follower,
    FollowerState,
    OneReading,
    Passage,
    followers,
    resume,
    step,
)
from muniment.jobs.job import Chore, Job, JobState, Run
from muniment.jobs.queue import (
    LeaseLostError,
    claim,
    counts,
    enqueue,
    enqueue_due,
    fail,
    find,
    finish,
    get,
    heartbeat,
    plan,
    sweep,
    unpark,
)
from muniment.jobs.runner import Runner

__all__ = [
    "Chore",
    "Follower",
    "FollowerState",
    "Job",
    "JobState",
    "LeaseLostError",
    "OneReading",
    "Passage",
    "Run",
    "Runner",
    "claim",
    "counts",
    "enqueue",
    "enqueue_due",
    "fail",
    "find",
    "finish",
    "followers",
    "get",
    "heartbeat",
    "plan",
    "resume",
    "step",
    "sweep",
    "unpark",
]
