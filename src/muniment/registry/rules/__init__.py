"""The judgements of the registry: values in, a value with reasons out."""
