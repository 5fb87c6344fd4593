"""Languages whose words are stemmed, and the words that no question hangs on."""

from __future__ import annotations

from schemas.identifiers import primary_language

STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""Primary language subtag → Snowball algorithm."""

_FUNCTION_WORDS = """
a about after all also am an and any are as at be because been before being but by can could did do does doing for from
had has have having he her here him his how i if in into is it its just me more most my no not of on one or our out over
own please same she should so some such than that the their them then there these they this those through to too under
up us use very was we were what when where which while who whom why will with would you your
der die das den dem des ein eine einer eines einem einen und oder aber ich du er sie es wir ihr mein dein sein ist sind
war waren wie was wo wann warum wer in im an am auf aus bei mit nach von vom zu zum zur fur uber nicht kein keine man
mich mir dich dir uns euch wird werden kann soll muss
le la les l un une des du de d et ou mais je tu il elle nous vous ils elles mon ma mes ton ta tes son sa ses est sont
comment quoi quand ou pourquoi qui que quel quelle dans en au aux avec pour par sur sans pas ne se ce cette ces
el los las y o pero yo usted ellos mi mis su sus es son como que cuando donde por para con sin en al del no se lo una
il lo gli i uno e ma io lei noi voi loro mio mia suo sua sono come che quando dove perche chi di da in con su per tra
de het een en of maar ik jij hij zij wij mijn is zijn hoe wat waar waarom wie op aan met van voor niet
o os as um uma e ou mas eu ele ela nos meu minha seu sua como que quando onde por para com sem em no na do da dos das
"""

FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Folded. They may match, and add to the score, but no document is left out for lacking one."""


def primary(language: str) -> str:
    """`de-AT` → `de`."""
    return primary_language(language.replace("_", "-"))
