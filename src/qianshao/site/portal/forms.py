"""The request as the public fills it in; the fields of article 29 of the Regulations and no more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from qianshao.modules.openness.requests.outcomes import APPLICANTS

MOST_FILES = 5
_BYTES = 10 * 2**20
FORMS = ("电子邮件", "邮寄纸质件", "当面领取", "网上查看")


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _Attachments(forms.FileField):
    """Several files, each of a size the office takes."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The files; too many, or one too large, is a sentence."""
        files = [super(_Attachments, self).clean(file, initial) for file in data or ()]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("最多 %(n)s 个附件。"), params={"n": MOST_FILES})
        for file in files:
            if (file.size or 0) > _BYTES:
                raise forms.ValidationError(
                    _("附件“%(name)s”超过 10 MB，请压缩后再传。"), params={"name": file.name}
                )
        return files


class RequestForm(forms.Form):
    """Who asks, how to reach them, what they want and how they want it (第二十九条)."""

    applicant_kind = forms.ChoiceField(
        label=_("申请人类别"),
        choices=[("", _("请选择")), *((key, _(title)) for key, title in APPLICANTS.items())],
    )
    applicant = forms.CharField(label=_("姓名或者单位名称"), max_length=60)
    contact = forms.CharField(
        label=_("联系方式"), max_length=100, help_text=_("电话、电子邮箱或者通信地址，用来送达答复。")
    )
    wanted = forms.CharField(
        label=_("所需政府信息的名称、文号或者特征描述"),
        max_length=1000,
        min_length=5,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("写得越具体，答复越快；一次只写一件事。"),
    )
    form = forms.ChoiceField(label=_("希望怎样得到答复"), choices=[(one, _(one)) for one in FORMS])
    attachments = _Attachments(
        label=_("附件"),
        required=False,
        widget=_Files(attrs={"multiple": True}),
        help_text=_("身份证明或者说明材料，最多 5 个，每个不超过 10 MB。"),
    )
    # Left empty by people, who do not see it; filled in by programs that fill in everything.
    website = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    token = forms.CharField(max_length=40, widget=forms.HiddenInput)


class FollowForm(forms.Form):
    """The two words of a receipt; never in an address, which histories and logs keep."""

    number = forms.CharField(label=_("申请编号"), max_length=60)
    code = forms.CharField(label=_("查询码"), max_length=40)
