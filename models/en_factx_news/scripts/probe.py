"""Note what the training code says of the sample articles, so that a test can hold the packed pipeline to it.

    python probe.py --run training/ --out ../metrics/probe.json

The words go through the batches and the fp32 network of training; what is noted is the likeliest label of every
column. tests/test_encoder.py holds the shipped graph to it: words cut, cased or laid out otherwise would show.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from corpora import NewsReader, Unit
from network import load_network
from train import base_model, make_batch

from factx.encoder.pieces import WordPieces

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
# One window of the run time.
WORDS = 150
COLUMNS = ("upos", "xpos", "names", "content", "cue", "speaker", "count", "date")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--weights", default="final.pt")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    network = load_network(args.run / args.weights).eval()
    pieces = WordPieces((base_model() / "tokenizer.json").read_bytes())
    reader = NewsReader()
    probes = {}
    for sample in ("river-floods", "harbour-court"):
        words = reader.words((SAMPLES / f"{sample}.txt").read_text(encoding="utf8"))[0][:WORDS]
        batch = make_batch([[Unit(words, sample, {}, pieces.cut(words))]], pieces, None)
        with torch.no_grad():
            out = network.split(network(batch["ids"], batch["casings"], batch["first"]))
        probes[sample] = {name: out[name].argmax(1).tolist() for name in COLUMNS}
    args.out.write_text(json.dumps(probes) + "\n")


if __name__ == "__main__":
    main()
