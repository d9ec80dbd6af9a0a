"""One item of each interaction, a composite with fields in its sentences, and one under a shared stimulus."""

from cbt_station.exam.content import Blocks, Hot, Paragraph, Picture, Place, Slot, Text
from cbt_station.exam.interactions import (
    Associable,
    AssociateInteraction,
    ChoiceInteraction,
    ChoicesInteraction,
    Composite,
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    Interaction,
    MatchInteraction,
    NumberEntryInteraction,
    Option,
    OrderInteraction,
    SelectPointInteraction,
    SliderInteraction,
    Spot,
    TextEntryInteraction,
)
from cbt_station.exam.item import Shown, ShownItem
from tests.screens.sample_items import HALF, text

FIGURES = Picture(media="picture.svg", width=420, height=160, alt="Segitiga, lingkaran, dan persegi panjang")
SPOTS = (
    Spot(id="segitiga", shape="poly", coords=(20, 140, 80, 20, 140, 140), label="Segitiga"),
    Spot(id="lingkaran", shape="circle", coords=(220, 80, 58), label="Lingkaran"),
    Spot(id="persegi", shape="rect", coords=(310, 26, 406, 134), label="Persegi panjang"),
)


def option(name: str, words: str | Blocks, **more) -> Option:
    return Option(id=name, content=(text(words),) if isinstance(words, str) else words, **more)


def associable(name: str, words: str | Blocks, **more) -> Associable:
    return Associable(id=name, content=(text(words),) if isinstance(words, str) else words, **more)


def line(*parts: str | Slot | Hot) -> Paragraph:
    return Paragraph(content=tuple(Text(text=part) if isinstance(part, str) else part for part in parts))


def hot(name: str, words: str) -> Hot:
    return Hot(id=name, content=(Text(text=words),))


CITIES = (option("jkt", "Jakarta"), option("bdg", "Bandung"), option("sby", "Surabaya"))
SOLO = Slot(response="RESPONSE")

KINDS: dict[str, tuple[Blocks, Interaction]] = {
    "choice": (
        (text("Ibu kota Provinsi Jawa Barat adalah …"),),
        ChoiceInteraction(options=(*CITIES, option("dps", "Denpasar"))),
    ),
    "choices": (
        (text("Manakah yang termasuk bilangan prima?"),),
        ChoicesInteraction(
            options=(option("a", "2"), option("b", "4"), option("c", "7"), option("d", (text("8 ", HALF),))),
            least=1,
            most=2,
        ),
    ),
    "inline-choice": (
        (
            line(
                "Ibu kota Provinsi Jawa Timur adalah ", SOLO, ", dan kota itu terletak di tepi Selat Madura."
            ),
        ),
        InlineChoiceInteraction(options=CITIES),
    ),
    "text": (
        (line("Lagu kebangsaan Indonesia diciptakan oleh ", SOLO, " pada tahun 1928."),),
        TextEntryInteraction(width=24, most_characters=40),
    ),
    "number": (
        (line("Luas segitiga dengan alas 5 cm dan tinggi 3 cm adalah ", SOLO, " cm²."),),
        NumberEntryInteraction(width=8),
    ),
    "extended-text": (
        (text("Jelaskan dengan kata-kata Anda sendiri mengapa sungai penting bagi sebuah kota."),),
        ExtendedTextInteraction(lines=5, most_characters=200, least_characters=20),
    ),
    "match": (
        (text("Pasangkan setiap kota dengan pulaunya."),),
        MatchInteraction(
            rows=(associable("bdg", "Bandung"), associable("mdn", "Medan"), associable("mks", "Makassar")),
            columns=(
                associable("jawa", "Jawa", most=0),
                associable("sumatra", "Sumatra", most=1),
                associable("sulawesi", "Sulawesi", most=0),
            ),
        ),
    ),
    "associate": (
        (text("Pasangkan dua bangun yang luasnya sama."),),
        AssociateInteraction(
            options=(
                associable("p", "Persegi 4 × 4"),
                associable("q", "Persegi panjang 2 × 8"),
                associable("r", "Segitiga 6 × 4"),
                associable("s", "Persegi panjang 3 × 4"),
            ),
            most=2,
        ),
    ),
    "order": (
        (text("Urutkan peristiwa berikut dari yang paling awal."),),
        OrderInteraction(
            options=(
                option("proklamasi", "Proklamasi kemerdekaan"),
                option("sumpah", "Sumpah Pemuda"),
                option("kaa", "Konferensi Asia Afrika di Bandung"),
                option("reformasi", "Reformasi"),
            )
        ),
    ),
    "order-some": (
        (text("Pilih dua kegiatan yang paling mendesak, yang terpenting lebih dahulu."),),
        OrderInteraction(
            options=(
                option("a", "Memadamkan api"),
                option("b", "Menyapu halaman"),
                option("c", "Menolong korban"),
            ),
            least=2,
            most=2,
        ),
    ),
    "gap-match": (
        (text("Lengkapi kalimat berikut."),),
        GapMatchInteraction(
            content=(
                line(
                    "Kota ",
                    Slot(response="g1"),
                    " terletak di Pulau Jawa, sedangkan kota ",
                    Slot(response="g2"),
                    " terletak di Pulau Sulawesi.",
                ),
            ),
            gaps=("g1", "g2"),
            options=(
                associable("bdg", "Bandung"),
                associable("mks", "Makassar"),
                associable("mdn", "Medan", most=2),
            ),
        ),
    ),
    "hottext": (
        (text("Pilih dua kata kerja."),),
        HottextInteraction(
            content=(
                line(
                    "Para ",
                    hot("petani", "petani"),
                    " ",
                    hot("menanam", "menanam"),
                    " padi di ",
                    hot("sawah", "sawah yang luas"),
                    " lalu ",
                    hot("menjual", "menjual"),
                    " hasilnya di pasar.",
                ),
            ),
            least=2,
            most=2,
        ),
    ),
    "hotspot": (
        (text("Bangun manakah yang tidak mempunyai sudut?"),),
        HotspotInteraction(picture=FIGURES, spots=SPOTS),
    ),
    "hotspots": (
        (text("Bangun manakah yang mempunyai sudut?"),),
        HotspotInteraction(picture=FIGURES, spots=SPOTS, least=2, most=2),
    ),
    "graphic-gap-match": (
        (text("Taruh nama pada bangunnya."),),
        GraphicGapMatchInteraction(
            picture=FIGURES,
            spots=SPOTS,
            options=(
                associable("tiga", "tiga sudut"),
                associable("nol", "tanpa sudut"),
                associable("empat", "empat sudut"),
                associable("rata", "bangun datar", most=0),
            ),
        ),
    ),
    "slider": (
        (text("Berapa persen permukaan bumi yang tertutup air?"),),
        SliderInteraction(low="0", high="100", step="2.5"),
    ),
    "slider-upright": (
        (text("Berapa derajat suhu ruang penyimpanan arsip yang dianjurkan?"),),
        SliderInteraction(low="10", high="30", step="1", vertical=True),
    ),
    "select-point": (
        (text("Tunjukkan titik pusat lingkaran dan satu titik sudut segitiga."),),
        SelectPointInteraction(picture=FIGURES, least=2, most=2),
    ),
    "composite": (
        (
            line(
                "Sebuah persegi panjang berukuran 3 cm × 4 cm. Kelilingnya ",
                Slot(response="keliling"),
                " cm, panjang diagonalnya ",
                Slot(response="diagonal"),
                " cm, dan bangun itu ",
                Slot(response="simetri"),
                " simetri lipat.",
            ),
            text("Manakah yang juga benar tentang bangun itu?"),
            Place(response="benar"),
            text("Jelaskan bagaimana Anda menghitung diagonalnya."),
        ),
        Composite(
            parts={
                "keliling": NumberEntryInteraction(width=6),
                "diagonal": NumberEntryInteraction(width=6),
                "simetri": InlineChoiceInteraction(
                    options=(option("dua", "mempunyai dua"), option("empat", "mempunyai empat"))
                ),
                "benar": ChoicesInteraction(
                    options=(option("a", "Sudutnya siku-siku"), option("b", "Sisinya sama panjang"))
                ),
                "cara": ExtendedTextInteraction(lines=3, most_characters=500),
            }
        ),
    ),
}

ITEMS = {
    name: ShownItem(
        id=name,
        languages={"id": Shown(stem=stem, interaction=part)},
        stimulus="teks-01" if name == "composite" else None,
    )
    for name, (stem, part) in KINDS.items()
}
