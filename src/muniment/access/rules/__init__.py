"""The judgements of access: values in, a value with reasons out."""
