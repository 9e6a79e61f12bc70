"""Signers: what signs checkpoints under the log's name; one file each."""
