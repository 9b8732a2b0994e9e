"""Training the reader; only this needs torch and bm25s (the extra ``train``)."""
