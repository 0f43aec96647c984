#!/usr/bin/env python3
"""Turns the JSON of lancer-bench into one page of tables and one chart per benchmark.

    bench/report.py FOLDER      reads FOLDER/*.json, writes FOLDER/tables.md and FOLDER/*.svg

Standard library only. A bar is a contender's cost over Lancer's, on a logarithmic axis: to
the right of the line it pays more than Lancer, to the left less.
"""
import html
import json
import math
import pathlib
import sys

ORDER = ["peers", "take", "scan", "size", "tensors", "write", "open", "commit", "kernels",
         "python"]
KINDS = {"cost at most": "{name} costs at most {limit} {unit}",
         "times ours at least": "{name} pays at least {limit} times our cost",
         "times ours at most": "{name} pays at most {limit} times our cost"}
ROW, LABEL, PLOT, TOP = 15, 230, 470, 24
COLORS = {"ahead": "#2f7d4f", "behind": "#b5532d", "axis": "#777"}


def number(value):
    """Three significant digits, never with an exponent."""
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{value:,.{max(0, min(6, digits))}f}"


def spread(part):
    return f"{number(part['median'])} ({number(part['low'])} - {number(part['high'])})"


def contender_row(contender, group):
    if "failure" in contender:
        return f"| {contender['name']} | failed: {contender['failure']} | | | |"
    cost = contender["cost"]["median"]
    rate = number(group["bytes"] / 1e9 / cost) if group["bytes"] and cost else ""
    cpu = number(contender["cpu"]["median"]) if contender["cpu"]["median"] else ""
    return (f"| {contender['name']} | {spread(contender['cost'])} | {cpu} | {rate} | "
            f"{spread(contender['times_ours'])} |")


def target_line(target, unit):
    text = KINDS[target["kind"]].format(name=target["contender"], unit=unit,
                                        limit=number(target["limit"]))
    outcome = "met" if target["met"] else "**missed**"
    return f"- {text}: {outcome}, reached {number(target['reached'])}"


def group_table(group):
    lines = [f"### {group['title']}", "", f"State: {group['state']}.", "",
             f"| | {group['unit']} | CPU | GB/s | times ours |", "|---|---|---|---|---|"]
    lines += [contender_row(contender, group) for contender in group["contenders"]]
    lines.append("")
    lines += [target_line(target, group["unit"]) for target in group["targets"]]
    if group["targets"]:
        lines.append("")
    return lines


def settings(result):
    """What each contender was set to, once per benchmark."""
    found = {}
    for group in result["groups"]:
        for contender in group["contenders"]:
            found.setdefault(contender["name"], contender["setting"])
    return [f"- {name}: {setting}" for name, setting in found.items()]


def section(result):
    name = result["benchmark"]
    quick = " (quick run: a smoke test, not a result)" if result.get("quick") else ""
    lines = [f"## {name}{quick}", ""]
    lines += [f"{key}: {value}  " for key, value in result["machine"].items()]
    lines += ["", f"![{name}]({name}.svg)", ""] + settings(result) + [""]
    lines += [f"Note: {note}" for note in result["notes"]]
    if result["notes"]:
        lines.append("")
    for group in result["groups"]:
        lines += group_table(group)
    return lines


def summary(results):
    """Every figure to reach, met or missed."""
    lines = ["## Figures to reach", "", "| group | figure | reached | |", "|---|---|---|---|"]
    for result in results:
        for group in result["groups"]:
            for target in group["targets"]:
                text = KINDS[target["kind"]].format(
                    name=target["contender"], unit=group["unit"],
                    limit=number(target["limit"]))
                outcome = "met" if target["met"] else "**missed**"
                lines.append(f"| {group['title']} | {text} | {number(target['reached'])} "
                             f"| {outcome} |")
    return lines + [""]


def bars(result):
    """(group heading or None, label, ratio) in the order drawn."""
    for group in result["groups"]:
        yield f"{group['title']}: {group['state']}", None, None
        for contender in group["contenders"]:
            ratio = contender.get("times_ours", {}).get("median", 0)
            if ratio > 0:
                yield None, contender["name"], ratio


def bar(x, y, zero, ratio, label):
    begin, end = min(x, zero), max(x, zero)
    color = COLORS["ahead" if ratio >= 1 else "behind"]
    after = end + 4 if ratio >= 1 else zero + 4
    return (f'<text x="{LABEL - 6}" y="{y + 11}" text-anchor="end">{html.escape(label)}</text>'
            f'<rect x="{begin:.1f}" y="{y + 3}" width="{max(1, end - begin):.1f}" '
            f'height="{ROW - 5}" fill="{color}"/>'
            f'<text x="{after:.1f}" y="{y + 11}">{number(ratio)}</text>')


def chart(result):
    """The whole benchmark as one SVG."""
    drawn = list(bars(result))
    ratios = [ratio for _, _, ratio in drawn if ratio] or [1]
    low = min(-0.5, math.log10(min(ratios)))
    high = max(0.5, math.log10(max(ratios)))
    scale = PLOT / (high - low)
    zero = LABEL - low * scale
    height = TOP + ROW * len(drawn) + 8
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL + PLOT + 70}" '
             f'height="{height}" font-family="sans-serif" font-size="10">',
             '<rect width="100%" height="100%" fill="white"/>',
             f'<text x="6" y="15" font-size="12" font-weight="bold">{result["benchmark"]}: '
             "cost over Lancer's, logarithmic</text>",
             f'<line x1="{zero:.1f}" y1="{TOP}" x2="{zero:.1f}" y2="{height}" '
             f'stroke="{COLORS["axis"]}"/>']
    for index, (heading, label, ratio) in enumerate(drawn):
        y = TOP + index * ROW
        if heading:
            parts.append(f'<text x="6" y="{y + 12}" font-weight="bold">'
                         f"{html.escape(heading)}</text>")
        else:
            parts.append(bar(LABEL + (math.log10(ratio) - low) * scale, y, zero, ratio, label))
    return "\n".join(parts + ["</svg>", ""])


def main(folder):
    found = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
    results = [found[name] for name in ORDER if name in found]
    if not results:
        sys.exit(f"{folder}: no results")
    lines = ["# Results", "", "Made by `make bench`; how to read it: [the benchmarks](../README.md).",
             "Cost: less is better. Cells: median (quartiles).", ""]
    lines += summary(results)
    for result in results:
        lines += section(result)
        (folder / f"{result['benchmark']}.svg").write_text(chart(result))
    (folder / "tables.md").write_text("\n".join(lines))
    missed = sum(not target["met"] for result in results for group in result["groups"]
                 for target in group["targets"])
    print(f"{folder}/tables.md: {len(results)} benchmarks, {missed} figures missed")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
