"""Words that say a fact, by language: numbers, units behind them, opposites.

A few hundred words and no grammar: what is missing here goes unnoticed, what is here and harmless costs a rewording.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

_COUNTED_FROM: Final = 2  # one is an article or a pronoun in most languages; what else becomes of a one is noticed
_ROUND: Final = (0, 20, 30, 40, 50, 60, 70, 80, 90, 100, 1000)


@dataclass(frozen=True, slots=True)
class Words:
    """Of one language, spellings of one thing with a slash between.

    `counted`: the numbers from 2 on; `rounded`: 0, 20 to 90, 100 and 1000; `shares`: half, twice; `units`: how words
    for units begin; `opposites`: pairs; `between`: what may stand before each of several numbers written as one word,
    None where they are not; `names`: whether only names begin with a capital within a sentence.
    """

    counted: str
    rounded: str
    shares: str
    units: str
    opposites: str
    between: str | None = None
    names: bool = True

    def numbers(self) -> Iterator[tuple[str, str]]:
        """(word, digits); what is no number of its own stands for itself."""
        for value, spelt in chain(
            enumerate(self.counted.split(), _COUNTED_FROM), zip(_ROUND, self.rounded.split(), strict=True)
        ):
            yield from ((word, str(value)) for word in spelt.split("/"))
        yield from ((word, word) for word in self.shares.split())

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Words of which one must not take the other's place."""
        yield from ((one, other) for one, _, other in (pair.partition("/") for pair in self.opposites.split()))


WORDS: Final[Mapping[str, Words]] = {
    "en": Words(
        counted="two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen",
        rounded="zero twenty thirty forty fifty sixty seventy eighty ninety hundred thousand",
        shares="half halve twice double thrice triple dozen quarter third fourth fifth tenth million",
        units="milligram microgram kilogram gram tonne millilit centilit lit millimet centimet kilomet met inch feet"
        " foot yard mile pound ounce second minute hour day night week month year percent degree volt amp watt bar"
        " drop tablet pill spoon cup time",
        opposites="left/right before/after above/below over/under more/less more/fewer most/least maximum/minimum"
        " increase/decrease raise/lower open/close opened/closed on/off in/out up/down hot/cold warm/cold high/low"
        " higher/lower first/last always/sometimes with/without and/or must/may must/can all/some start/stop push/pull"
        " tighten/loosen early/late long/short longer/shorter faster/slower clockwise/anticlockwise inside/outside"
        " clockwise/counterclockwise wet/dry empty/full safe/unsafe same/different true/false",
    ),
    "de": Words(
        counted="zwei/zwo drei vier fünf/fuenf sechs sieben acht neun zehn elf zwölf/zwoelf dreizehn vierzehn fünfzehn"
        " sechzehn siebzehn achtzehn neunzehn",
        rounded="null zwanzig dreißig/dreissig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend",
        shares="halb halbe halben halber halbes hälfte halbieren doppelt doppelte verdoppeln dreifach dutzend viertel"
        " drittel zweimal dreimal viermal million millionen",
        units="milligramm mikrogramm kilogramm gramm kilo tonne milliliter zentiliter liter millimeter zentimeter"
        " kilometer meter pfund sekunde minute stunde tag nacht nächte woche monat jahr prozent grad volt ampere watt"
        " tropfen tablette löffel becher mal",
        opposites="links/rechts linke/rechte linken/rechten vor/nach vorher/nachher bevor/nachdem über/unter oben/unten"
        " mehr/weniger meisten/wenigsten mindestens/höchstens erhöhen/senken öffnen/schließen auf/zu ein/aus an/aus"
        " offen/geschlossen heiß/kalt warm/kalt hoch/niedrig höher/niedriger erst/zuletzt immer/manchmal mit/ohne"
        " und/oder muss/kann müssen/können alle/einige früh/spät lang/kurz länger/kürzer schneller/langsamer"
        " innen/außen nass/trocken leer/voll gleich/verschieden",
        between="ein|und|einund",
        names=False,
    ),
    "fr": Words(
        counted="deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept"
        " dix-huit dix-neuf",
        rounded="zéro vingt/vingts trente quarante cinquante soixante septante huitante nonante cent/cents mille",
        shares="demi demie moitié double doubler triple douzaine quart tiers million millions",
        units="milligramme microgramme kilogramme gramme kilo tonne millilitre centilitre litre millimètre centimètre"
        " kilomètre mètre seconde minute heure jour nuit semaine mois an année pour degré volt ampère watt goutte"
        " comprimé cuiller cuillère tasse fois",
        opposites="gauche/droite avant/après dessus/dessous sur/sous plus/moins maximum/minimum augmenter/diminuer"
        " ouvrir/fermer ouvert/fermé chaud/froid haut/bas premier/dernier toujours/parfois avec/sans et/ou doit/peut"
        " devez/pouvez tous/certains tôt/tard long/court dedans/dehors mouillé/sec vide/plein même/différent",
    ),
    "es": Words(
        counted="dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete"
        " dieciocho diecinueve",
        rounded="cero veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien/ciento mil",
        shares="medio media mitad doble duplicar triple docena cuarto tercio millón millones",
        units="miligramo microgramo kilogramo gramo kilo tonelada mililitro centilitro litro milímetro centímetro"
        " kilómetro metro segundo minuto hora día noche semana mes año por grado voltio amperio vatio gota pastilla"
        " comprimido cuchara taza vez veces",
        opposites="izquierda/derecha izquierdo/derecho antes/después encima/debajo sobre/bajo más/menos máximo/mínimo"
        " aumentar/disminuir subir/bajar abrir/cerrar abierto/cerrado caliente/frío alto/bajo primero/último"
        " con/sin y/o debe/puede debes/puedes todos/algunos temprano/tarde largo/corto dentro/fuera"
        " mojado/seco vacío/lleno mismo/diferente",
    ),
    "it": Words(
        counted="due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
        " diciassette diciotto diciannove",
        rounded="zero venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento mille/mila",
        shares="mezzo mezza metà doppio doppia raddoppiare triplo dozzina quarto terzo milione milioni",
        units="milligramm microgramm chilogramm gramm chil tonnellat millilitr centilitr litr millimetr centimetr"
        " chilometr metr second minut or giorn nott settiman mes ann per grad volt ampere watt gocc compress cucchiai"
        " tazz volt",
        between="",
        opposites="sinistra/destra prima/dopo sopra/sotto più/meno massimo/minimo aumentare/diminuire aprire/chiudere"
        " aperto/chiuso caldo/freddo alto/basso primo/ultimo sempre/talvolta con/senza e/o deve/può tutti/alcuni"
        " presto/tardi lungo/corto dentro/fuori bagnato/asciutto vuoto/pieno stesso/diverso",
    ),
    "nl": Words(
        counted="twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien"
        " achttien negentien",
        rounded="nul twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend",
        shares="half halve helft dubbel dubbele verdubbelen driedubbel dozijn kwart derde tweemaal driemaal miljoen",
        units="milligram microgram kilogram gram kilo ton milliliter centiliter liter millimeter centimeter kilometer"
        " meter pond seconde minuut minuten uur uren dag nacht week weken maand jaar procent gra volt ampère watt"
        " druppel tablet lepel kop keer",
        opposites="links/rechts linker/rechter voor/na boven/onder meer/minder meeste/minste maximaal/minimaal"
        " verhogen/verlagen openen/sluiten open/dicht aan/uit in/uit heet/koud warm/koud hoog/laag hoger/lager"
        " eerste/laatste altijd/soms met/zonder en/of moet/mag moet/kan alle/sommige vroeg/laat lang/kort binnen/buiten"
        " nat/droog leeg/vol zelfde/ander",
        between="en|ën|eenen",
    ),
    "pt": Words(
        counted="dois/duas três quatro cinco seis sete oito nove dez onze doze treze catorze/quatorze quinze"
        " dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove",
        rounded="zero vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem/cento mil",
        shares="meio meia metade dobro dobrar triplo dúzia quarto terço milhão milhões",
        units="miligrama micrograma quilograma grama quilo tonelada mililitro centilitro litro milímetro centímetro"
        " quilômetro quilómetro metro segundo minuto hora dia noite semana mês meses ano por grau volt ampere watt gota"
        " comprimido colher xícara chávena vez vezes",
        opposites="esquerda/direita esquerdo/direito antes/depois acima/abaixo sobre/sob mais/menos máximo/mínimo"
        " aumentar/diminuir subir/descer abrir/fechar aberto/fechado quente/frio alto/baixo primeiro/último com/sem"
        " e/ou deve/pode todos/alguns cedo/tarde longo/curto dentro/fora molhado/seco vazio/cheio mesmo/diferente",
    ),
    "ar": Words(
        counted="اثنان/اثنين/اثنتان/اثنتين ثلاثة/ثلاث أربعة/أربع خمسة/خمس ستة/ست سبعة/سبع ثمانية/ثماني/ثمان تسعة/تسع"
        " عشرة/عشر",
        rounded="صفر عشرون/عشرين ثلاثون/ثلاثين أربعون/أربعين خمسون/خمسين ستون/ستين سبعون/سبعين ثمانون/ثمانين"
        " تسعون/تسعين مئة/مائة ألف",
        shares="نصف ضعف ربع ثلث مرتين مليون",
        units="ملليغرام مليغرام ميكروغرام كيلوغرام غرام ملليلتر مليلتر لتر مليمتر سنتيمتر متر ثانية ثوان دقيقة دقائق"
        " ساعة ساعات يوم أيام ليلة أسبوع أسابيع شهر أشهر سنة سنوات درجة قطرة قطرات قرص أقراص ملعقة مرة مرات",
        opposites="يسار/يمين قبل/بعد فوق/تحت أكثر/أقل افتح/أغلق ساخن/بارد أول/آخر دائما/أحيانا مع/بدون",
        names=False,
    ),
}
