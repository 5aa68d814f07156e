"""The trained encoder: words in, probabilities of every label out, decoded onto a spaCy Doc.

The path: `pieces` (words to word pieces) -> `windows` (an article to windows) -> the ONNX graph -> `decode` (numbers to
labels, spans and trees) -> `component` (all of it as the spaCy component `factx_encoder`).
"""
