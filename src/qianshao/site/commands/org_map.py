"""The city's map from the server's own console: checked, fitted to the units, kept."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.kit import telling
from qianshao.kit.citymap import keeping, shapes

from .saying import CommandError, confirm, document, ready, say


@click.command(
    "map", help=gettext_lazy("设置城市地图：GeoJSON 文件，每个县（市、区）一个面，按编码或名称对应单位。")
)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--approval", default="", help=gettext_lazy("审图号，显示在地图下面。"))
@click.option("--remove", is_flag=True, help=gettext_lazy("撤下现在的地图。"))
@click.option("--dry-run", is_flag=True, help=gettext_lazy("只检查，不写入。"))
@click.option("--yes", is_flag=True, help=gettext_lazy("不再询问。"))
@click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))
def city_map(file: Path | None, approval: str, remove: bool, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Nothing is written when anything is wrong; shapes and units that found no partner are told."""
    if remove == (file is not None):
        raise CommandError(_("请指明一个 GeoJSON 文件，或者只写 --remove。"), 2)
    ready()
    if file is None:
        confirm(_("撤下城市地图？"), yes)
        removed = keeping.drop()
        if as_json:
            document({"removed": removed})
        else:
            say(_("已撤下城市地图。") if removed else _("没有设置过城市地图。"))
        return
    fitted = _fitted(file)
    without = [keeping.area(unit) for unit in fitted.without]
    if fitted.strangers:
        say(_("没有对应单位、不画的要素：{names}").format(names=_("、").join(fitted.strangers)))
    if without:
        say(_("文件里没有、地图上会缺的单位：{names}").format(names=_("、").join(without)))
    if not dry_run:
        if fitted.strangers or without or keeping.file().exists():
            confirm(_("仍按这个文件设置地图？"), yes)
        keeping.keep(fitted, approval.strip())
    if as_json:
        document(
            {
                "fitted": [unit.code for unit, _shape in fitted.shapes],
                "strangers": list(fitted.strangers),
                "without_shape": [unit.code for unit in fitted.without],
                "points": sum(shape.points for _unit, shape in fitted.shapes),
                "written": not dry_run,
            }
        )
        return
    told = _("检查通过，对应 {n} 个单位；没有写入。") if dry_run else _("已设置城市地图，对应 {n} 个单位。")
    click.echo(told.format(n=len(fitted.shapes)))


def _fitted(file: Path) -> keeping.Fitted:
    if not file.is_file():
        raise CommandError(_("没有“{file}”这个文件，请核对路径。").format(file=file))
    if file.stat().st_size > shapes.LARGEST:
        raise CommandError(
            _("{file}：文件超过 {n} MB；请先简化边界再设置。").format(
                file=file.name, n=shapes.LARGEST // 2**20
            )
        )
    try:
        found = shapes.read(file.read_bytes())
        return keeping.fit(found, keeping.districts(timezone.localdate()))
    except shapes.BadMap as error:
        raise CommandError(f"{file.name}：{telling.sentence(error.words)}。") from error
