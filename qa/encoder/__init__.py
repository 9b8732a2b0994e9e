"""BERT without torch: its layers as an OpenVINO graph, run on this processor.

Beneath the reader and the embedder, which have it in common. Knows nothing of questions, passages or stores.
"""
