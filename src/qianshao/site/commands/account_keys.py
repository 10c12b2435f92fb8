"""What opens an account besides its password, from the server's own console: tokens, second factors, single sign-on."""

from __future__ import annotations

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qianshao.core.accounts import services, tokens
from qianshao.core.accounts.models import Token

from .org import CONSOLE, account, account_named
from .saying import CommandError, document, ready, say

_JSON = click.option("--json", "as_json", is_flag=True, help=gettext_lazy("输出一个 JSON 文档。"))


@account.group("token", help=gettext_lazy("接口令牌：新建、列出、撤销。"))
def token() -> None:
    """Tokens of programs; only their digests are kept."""


@token.command("add", help=gettext_lazy("为一个账号新建令牌；令牌只显示这一次。"))
@click.argument("login")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help=gettext_lazy("权限，可多次给出。"))
@click.option("--days", default=90, show_default=True, type=int, help=gettext_lazy("有效期（天）。"))
def add(login: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """The token goes to standard output, so that a script can take it. Its owner's rights bound it at every request."""
    ready()
    try:
        _made, text = tokens.make(
            account=account_named(login),
            name=name,
            scopes=scopes,
            days=days,
            actor=CONSOLE,
            now=timezone.now(),
        )
    except tokens.BadToken as error:
        raise CommandError(str(error)) from error
    click.echo(text)
    say(_("令牌只显示这一次，请妥善保管。"))


@token.command("list", help=gettext_lazy("列出一个账号的有效令牌。"))
@click.argument("login")
@_JSON
def show(login: str, as_json: bool) -> None:
    """Number, beginning, purpose, scopes, when it ends and when it was last used."""
    ready()
    rows = [
        {
            "number": one.pk,
            "begins": one.hint,
            "name": one.name,
            "scopes": one.scopes,
            "expires": one.expires_at.isoformat(timespec="seconds"),
            "used": one.used_at.isoformat(timespec="seconds") if one.used_at else None,
        }
        for one in account_named(login)
        .tokens.filter(revoked_at=None, expires_at__gt=timezone.now())
        .order_by("pk")
    ]
    if as_json:
        document(rows)
        return
    for row in rows:
        click.echo(
            f"{row['number']:>6} {row['begins']}…  {row['name']}  {' '.join(row['scopes'])}  {row['expires']}"
        )


@token.command("revoke", help=gettext_lazy("撤销令牌，立即失效。"))
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """At once."""
    ready()
    found = Token.objects.filter(pk=number).first()
    if found is None:
        raise CommandError(_("没有编号为 {n} 的令牌。").format(n=number))
    tokens.revoke(token=found, actor=CONSOLE, now=timezone.now())
    say(_("令牌“{name}”已撤销，立即失效。").format(name=found.name))


@account.command("forget-second-factor", help=gettext_lazy("清除账号的第二步验证，并退出其全部登录。"))
@click.argument("login")
@click.option("--reason", required=True, help=gettext_lazy("清除的原因。"))
def forget(login: str, reason: str) -> None:
    """For somebody who lost telephone and recovery codes."""
    ready()
    services.forget_second_factor(
        account=account_named(login), reason=reason, actor=CONSOLE, now=timezone.now()
    )
    say(_("第二步验证已清除，登录全部退出。"))


@account.command("link", help=gettext_lazy("把账号绑定到统一身份（OpenID Connect 的主体标识）。"))
@click.argument("login")
@click.argument("subject")
def link(login: str, subject: str) -> None:
    """With the provider of the settings; an account has one subject, and a subject one account."""
    ready()
    provider = settings.SINGLE_SIGN_ON
    if provider is None:
        raise CommandError(_("没有配置统一身份认证：请设置 QIANSHAO_OIDC_ISSUER。"))
    try:
        services.link(
            account=account_named(login),
            issuer=provider.issuer,
            subject=subject,
            actor=CONSOLE,
            now=timezone.now(),
        )
    except services.BadAccount as error:
        raise CommandError(str(error)) from error
    say(_("已绑定统一身份。"))


COMMANDS = (account,)
