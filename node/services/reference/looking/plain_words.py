"""Everyday words for what task statements say in formal ones. General English, no trade's own terms."""

from __future__ import annotations

from node.search.text.tokens import tokens

_PLAIN = """
aircon ac: air conditioning
answer pick: respond telephone questions
anaesthetist: anesthesiologist
arrange sort organise: coordinate schedule
autumn: fall
baby babies: infants bottles
bank: lenders financial
bill invoice: billing charges payments check
bin bins rubbish garbage litter: trash waste
blankets padding: pads
book books ledgers: records accounts
boss chief foreman: supervisor manager
break broke broken: malfunctions defective repair
bring carry haul lug: transport move deliver
bugs germs: infection contamination
build make: construct assemble fabricate
buy purchase: purchasing procure
calls ring: telephone contact
car cars: automobile vehicle automotive
cash till: cash registers money
catch: detect identify
check checks look: inspect examine verify monitor ensure
clean wash wipe: cleaning sanitize disinfect
client clients shopper shoppers guests guest: customers patrons
coach tutoring: tutor instruct train
cook cooking: prepare food
count: inventory tally
court judge: legal hearings testimony
cut trim: cutting
deal handle: resolve process
decide choose: determine select
dish dishes meal meals: food menu items
doctor doctors gp: physicians
draw drafts draft: design sketch layouts
drive: operate vehicles
drug drugs medicine medicines pills tablets: medications pharmaceutical prescriptions
emails mails letters: correspondence
empty: remove gather
feel worried upset: emotional
figure work calculate: compute calculate determine estimate
fill: complete prepare
find: locate identify
fix mend: repair maintain
flat flats house houses home: property real estate
fridge: refrigeration
gauge micrometer caliper: measuring instruments precision
gearbox gearboxes: transmissions
get fetch: obtain
give hand: provide distribute administer
goods stuff: merchandise products materials
grow: develop
guard: security
hire: recruit employ staff
hours: time
ill sick: patients disease illness
kids kid children child nursery: children students
kitchen: food preparation
label sticker stickers: tags labels tag
law laws rule rules: regulations compliance policies
lawyer: attorney legal
lead run: direct supervise manage
lend: check out
lorry: truck trailer
lunch break recess: recess
marks: grades
measure: measure test dimensions
mix: mix blend
money: funds payment financial
news press: releases media
note log write: record document maintain records
nurse ward: nursing patient care
office desk: clerical administrative
paper papers: documents documentation
parents families: families guardians
pet pets dog dogs cat cats: animals
phone: telephone
physio physiotherapy: physical therapy
plan plans: plan develop
prices price: price costs
problem problems trouble: problems issues malfunctions
pupil pupils: students
reader readers visitors: patrons visitors
replace swap swapped change: replace repair
roast steam fry bake: cook bake broil
safe safely hurt: safety prevent injuries
scan: scan imaging
scrap leftover leftovers swarf: scrap waste materials
sell: sell sales solicit
shelf: shelves stock
shop: store retail
shout angry complain: complaints
show: demonstrate explain
slow: performance
solve: resolve
stealing theft thief: theft security
supplier suppliers: vendors
tax: tax taxes returns
teach classes: teach instruct classes
tell talk: confer inform communicate explain advise consult
tidy: clean straighten organize
tools machine machines: equipment machinery
train: train staff
type: enter data
vaccinations jabs: immunizations
wait waiting: lobby reception
watch: observe monitor supervise
website: web internet
welcome: greet
worker colleagues: workers employees personnel staff
worth: value
xray: radiologic imaging
"""


def _parse(text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in text.strip().splitlines():
        plain, _, formal = line.partition(":")
        for word in tokens(plain):
            found[word] = (*found.get(word, ()), *formal.split())
    return found


_FORMAL = _parse(_PLAIN)


def formal_words(sentence: str) -> str:
    """What a statement might say for the words of `sentence`, those left out that it has itself; '' for none."""
    own = tokens(sentence)
    found = dict.fromkeys(word for plain in own for word in _FORMAL.get(plain, ()) if word not in own)
    return " ".join(found)
