"""Code for the processes that the fault tests kill, race and starve: a small city, acts through the door, what is there after."""

from __future__ import annotations

PREPARE = """
import json, os, signal, sys, time
from datetime import date, datetime, timedelta
from django.db import connection
from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import Delivery, Receipt, Refused, Stale, perform, perform_many, stream_of
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.ledger import anchoring, checking, checkpoints, gate, loss, store
from qianshao.core.ledger.models import Checkpoint, Entry, Leaf, Pending
from qianshao.core.org.models import Unit
from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.hotline import facts as f
KIND, ROBOT = registry.kind('hotline.order'), machine('test')
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
def received(text='路灯不亮'):
    return f.Received(at=datetime(2025, 9, 25, 10, tzinfo=SHANGHAI), title=text, body='门口路灯坏了三天' * 20, channel='web')
def receive(source, now=NOW):
    return perform(kind=KIND, fact=received(), actor=ROBOT, now=now, src='test', source=source)
def dispatch(duty, now=NOW, expected=None):
    fact = f.Dispatched(at=NOW, unit='office', note='请核实')
    return perform(kind=KIND, duty=duty, fact=fact, actor=ROBOT, now=now, src='test', expected=expected)
"""

CITY = (
    PREPARE
    + """
Unit.objects.create(code='office', name='政府办', short='政府办', kind='office', path='/office/', valid_from=date(2000, 1, 1), order=1)
"""
)

LOOK = (
    PREPARE
    + """
store.seal_all()
result = checking.verify(sealed=True)
seqs = list(Leaf.objects.order_by('seq').values_list('seq', flat=True))
print(json.dumps({
    'sound': result.sound,
    'faults': result.faults + [str(found) for found in result.findings],
    'older_than': result.older_than,
    'gapless': seqs == list(range(len(seqs))) and len(seqs) == Entry.objects.count() and not Pending.objects.exists(),
    'entries': {f'{s}/{n}' : 1 for s, n in Entry.objects.values_list('stream', 'sseq')},
    'projection': rebuild(write=False).none,
}))
"""
)
