"""A response to each sample item, in the forms that `exam.interactions` says, complete as the item asks."""

ANSWERS = {
    "choice": "bdg",
    "choices": ("a", "c"),
    "inline-choice": "sby",
    "text": "W. R. Supratman – ꦮꦒꦺ",
    "number": "7.5",
    "extended-text": "Sungai memberi air, ikan,\ndan tempat orang bertemu.",
    "match": ("bdg jawa", "mdn sumatra", "mks sulawesi"),
    "associate": ("p q", "r s"),
    "order": ("sumpah", "proklamasi", "kaa", "reformasi"),
    "order-some": ("c", "a"),
    "gap-match": ("bdg g1", "mks g2"),
    "hottext": ("menanam", "menjual"),
    "hotspot": ("lingkaran",),
    "hotspots": ("segitiga", "persegi"),
    "graphic-gap-match": ("tiga segitiga", "nol lingkaran", "empat persegi"),
    "slider": "72.5",
    "slider-upright": "18",
    "select-point": ("220 80", "80 20"),
    "composite": {
        "keliling": "14",
        "diagonal": "5",
        "simetri": "dua",
        "benar": ("a",),
        "cara": "Akar dari 9 + 16.",
    },
}
