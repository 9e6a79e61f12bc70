"""What makes the names layer: sentences, readers of corpora, the trainer, the figures."""
