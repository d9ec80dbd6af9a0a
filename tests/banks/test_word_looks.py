"""What a Word document says beside its characters is kept, named or refused, whoever says it: run, style, table, default.

Covers the order in which styles speak and toggles that switch each other off, numbers and letters that Word makes,
changes that are tracked, comments and notes, fields in one element, drawings, symbol fonts, and parts that the reader
of documents does not know.
"""

from pathlib import Path

import pytest

from cbt_station.banks import word
from cbt_station.banks.foreign import ForeignQuestion
from cbt_station.exam.content import Span, Text, as_text, every
from tests.banks.test_word import HEAD, OFFICE, Cell, docx, questions, table

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
KINDS_OF_PARTS = ("styles", "numbering", "footnotes", "comments")


def run(text: str, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def styled(name: str, text: str = "kata") -> str:
    return run(text, f'<w:rStyle w:val="{name}"/>')


def in_paragraph(style: str, content: str) -> str:
    """Ends the paragraph that `test_word.paragraph` began, and begins one of a style."""
    return f"<w:r/></w:p><w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr>{content}"


def style(kind: str, name: str, look: str, based: str = "", more: str = "", *, default: bool = False) -> str:
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    is_default = ' w:default="1"' if default else ""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}"{is_default}><w:name w:val="{name}"/>{base}{more}'
        f"{properties}</w:style>"
    )


def document(folder: Path, *stems: str, related: str = "", table_properties: str = "", **parts: str) -> Path:
    rows: list[list[Cell]] = [
        [f"{number}", stem, "satu", "dua", "", "", "", "A"] for number, stem in enumerate(stems, 1)
    ]
    links = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>' for name in parts
    )
    written = {
        f"word/{name}.xml": f"<w:{name} {W}>{content}</w:{name}>".encode() for name, content in parts.items()
    }
    body = table(HEAD, *rows).replace("<w:tbl>", f"<w:tbl>{table_properties}", 1)
    return docx(folder, body, related=links + related, parts=written)


def only(file: Path) -> ForeignQuestion:
    (question,) = questions(file)
    return question


def verdict(question: ForeignQuestion) -> list[str]:
    """What is named of a question: the element that refuses it, or its losses."""
    if question.fault is not None:
        return [f"refused: {question.fault.facts.get('element', question.fault.code)}"]
    return [next(iter(loss.facts.values()), loss.code) for loss in question.losses]


def texts(question: ForeignQuestion) -> list[Text]:
    assert question.item is not None
    return list(every(Text, question.item.languages["id"].stem))


LOOKS = [
    pytest.param('<w:color w:val="FF0000"/>', ["color"], id="colour"),
    pytest.param('<w:color w:val="auto" w:themeColor="text1" w:themeTint="80"/>', ["color"], id="grey of the theme"),
    pytest.param('<w:shd w:val="clear" w:fill="FFFF00"/>', ["background-color"], id="ground"),
    pytest.param("<w:caps/>", ["text-transform"], id="capitals"),
    pytest.param("<w:smallCaps/>", ["font-variant"], id="small capitals"),
    pytest.param('<w:spacing w:val="60"/>', ["letter-spacing"], id="wide letters"),
    pytest.param('<w:spacing w:val="-4"/>', [], id="a full line"),
    pytest.param('<w:em w:val="dot"/>', ["text-emphasis"], id="dots"),
    pytest.param('<w:bdr w:val="single" w:sz="4"/>', ["border"], id="a box"),
    pytest.param("<w:outline/>", ["text-shadow"], id="outline"),
    pytest.param("<w:vanish/>", ["refused: hidden text: kata"], id="hidden"),
    pytest.param('<w:color w:val="FFFFFF"/>', ["refused: hidden text: kata"], id="white"),
    pytest.param('<w:color w:val="auto" w:themeColor="background1"/>', ["refused: hidden text: kata"], id="white of the theme"),
    pytest.param('<w:sz w:val="2"/>', ["refused: hidden text: kata"], id="too small to see"),
    pytest.param('<w:position w:val="8"/>', ["refused: raised letters: kata"], id="moved up"),
    pytest.param('<w:position w:val="1"/>', [], id="moved by nothing"),
    pytest.param('<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>', ["refused: font Symbol: kata"], id="symbols"),
    pytest.param('<w:rFonts w:ascii="Arial" w:hAnsi="Arial"/><w:sz w:val="40"/>', [], id="font and size"),
]  # fmt: skip


@pytest.mark.parametrize(("look", "named"), LOOKS)
def test_a_look_counts_whoever_says_it(look: str, named: list[str], tmp_path: Path) -> None:
    """By itself, by a character style, one that it is based on, its paragraph's, the table's, or the defaults."""
    styles = (
        style("character", "Dasar", look)
        + style("character", "Kata", "", "Dasar")
        + style("paragraph", "Alinea", look)
        + style("paragraph", "Lanjut", "", "Alinea")
    )
    stems = [
        run("kata", look),
        styled("Dasar"),
        styled("Kata"),
        in_paragraph("Alinea", run("kata")),
        in_paragraph("Lanjut", run("kata")),
    ]
    for question in questions(document(tmp_path, *stems, styles=styles)):
        assert verdict(question) == named
    by_table = style("table", "Kisi", "", more=f"<w:rPr>{look}</w:rPr>")
    grid = '<w:tblPr><w:tblStyle w:val="Kisi"/></w:tblPr>'
    assert verdict(only(document(tmp_path, run("kata"), styles=by_table, table_properties=grid))) == named
    defaults = f"<w:docDefaults><w:rPrDefault><w:rPr>{look}</w:rPr></w:rPrDefault></w:docDefaults>"
    plain = "<w:r><w:t>kata</w:t></w:r>"
    assert verdict(only(document(tmp_path, plain, styles=defaults))) == named


@pytest.mark.parametrize(
    ("look", "name"),
    [
        ("<w:b/>", "bold"),
        ("<w:i/>", "italic"),
        ('<w:vertAlign w:val="superscript"/>', "sup"),
        ('<w:vertAlign w:val="subscript"/>', "sub"),
        ("<w:strike/>", "strike"),
        ("<w:dstrike/>", "strike"),
        ('<w:u w:val="single"/>', "underline"),
    ],
)
def test_what_our_content_can_say_of_a_style_is_kept(look: str, name: str, tmp_path: Path) -> None:
    styles = style("character", "Kata", look) + style("paragraph", "Alinea", look)
    stems = [run("10") + styled("Kata", "2"), in_paragraph("Alinea", run("2"))]
    for question in questions(document(tmp_path, *stems, styles=styles)):
        assert question.losses == ()
        assert question.item is not None
        stem = question.item.languages["id"].stem
        marked = [part for kind in (Text, Span) for part in every(kind, stem) if getattr(part, name, False)]
        assert ["".join(one.text for one in every(Text, part)) for part in marked] == ["2"]


def test_toggles_of_two_styles_switch_each_other_off_and_the_run_has_the_last_word(tmp_path: Path) -> None:
    styles = (
        style("character", "Kata", "<w:b/><w:vanish/>")
        + style("paragraph", "Alinea", "<w:b/><w:vanish/>")
        + style("character", "Biasa", '<w:b w:val="0"/>', "Kata")
    )
    stems = [
        in_paragraph("Alinea", styled("Kata")),  # twice: off
        run("kata", '<w:rStyle w:val="Kata"/><w:b w:val="0"/><w:vanish w:val="off"/>'),  # the run says no
        run("kata", '<w:rStyle w:val="Biasa"/><w:vanish w:val="0"/>'),  # the nearest style says no
        styled("Kata"),
    ]
    *seen, hidden = questions(document(tmp_path, *stems, styles=styles))
    for question in seen:
        assert [part.bold for part in texts(question)] == [False]
        assert question.losses == ()
    assert verdict(hidden) == ["refused: hidden text: kata"]


def test_the_default_paragraph_style_and_a_ring_of_styles(tmp_path: Path) -> None:
    red = '<w:color w:val="FF0000"/>'
    ring = style("character", "Satu", red, "Dua") + style("character", "Dua", "", "Satu")
    usual = style("paragraph", "Normal", red, default=True)
    assert verdict(only(document(tmp_path, styled("Dua"), styles=ring))) == ["color"]
    assert verdict(only(document(tmp_path, run("kata"), styles=usual))) == ["color"]


@pytest.mark.parametrize(
    ("format_", "look", "is_there"),
    [
        ("firstRow", '<w:tblLook w:firstRow="1" w:noHBand="1"/>', False),  # the headings' row
        ("lastRow", '<w:tblLook w:lastRow="1"/>', True),
        ("lastRow", '<w:tblLook w:lastRow="0"/>', False),
        ("lastRow", '<w:tblLook w:val="0040"/>', True),
        ("firstCol", '<w:tblLook w:firstColumn="1"/>', False),  # the column of numbers
        ("band1Horz", '<w:tblLook w:firstRow="1"/>', True),
        ("band2Horz", '<w:tblLook w:firstRow="0"/>', True),
        ("band1Horz", '<w:tblLook w:firstRow="1" w:noHBand="1"/>', False),
        ("band2Vert", "<w:tblLook/>", True),
        ("wholeTable", "<w:tblLook/>", True),
    ],
)
def test_a_conditional_format_of_a_table_counts_where_it_is_asked_for(
    format_: str, look: str, is_there: bool, tmp_path: Path
) -> None:
    hidden = f'<w:tblStylePr w:type="{format_}"><w:rPr><w:vanish/></w:rPr></w:tblStylePr>'
    styles = style("table", "Kisi", "", "Dasar") + style("table", "Dasar", "", more=hidden)
    grid = f'<w:tblPr><w:tblStyle w:val="Kisi"/>{look}</w:tblPr>'
    question = only(document(tmp_path, run("kata"), styles=styles, table_properties=grid))
    assert verdict(question) == ["refused: hidden text: kata"] * is_there


def test_a_style_of_a_formula_counts(tmp_path: Path) -> None:
    styles = style("paragraph", "Merah", '<w:color w:val="FF0000"/>') + style(
        "paragraph", "Gaib", "<w:vanish/>"
    )
    formula = "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"
    red, hidden = questions(
        document(tmp_path, in_paragraph("Merah", formula), in_paragraph("Gaib", formula), styles=styles)
    )
    assert verdict(red) == ["color"]
    assert verdict(hidden) == ["refused: hidden formula"]


def test_white_headings_on_a_dark_ground_are_headings(tmp_path: Path) -> None:
    white: list[Cell] = [run(str(cell), '<w:color w:val="FFFFFF"/>') for cell in HEAD]
    (question,) = questions(docx(tmp_path, table(white, ["1", "Satu?", "x", "y", "", "", "", "A"])))
    assert verdict(question) == []


# Numbers that Word makes

LEVEL = '<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


def numbering(format_: str, text: str = "%1.", start: int = 1, more: str = "") -> str:
    level = LEVEL.format(format=format_, text=text, start=start, more=more)
    return (
        f'<w:abstractNum w:abstractNumId="7">{level}</w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="4"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )


def listed(*entries: str, number: int = 3) -> str:
    numbered = f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    return "<w:r><w:t>Manakah?</w:t></w:r>" + "".join(
        f"</w:p><w:p>{numbered}{run(entry)}" for entry in entries
    )


@pytest.mark.parametrize(
    ("shape", "named"),
    [
        (numbering("decimal"), []),
        (numbering("decimal", "(%1)"), []),
        (numbering("bullet", "•"), []),
        (numbering("upperLetter"), ["A, B, C"]),
        (numbering("lowerRoman"), ["i, ii, iii"]),
        (numbering("decimal", start=4), ["4", "5"]),
        (numbering("decimal", "Soal %1"), ["Soal %1: 1", "Soal %1: 2"]),
        (numbering("none", ""), ["none"]),
    ],
)
def test_numbers_that_word_makes_are_ours_or_named(shape: str, named: list[str], tmp_path: Path) -> None:
    question = only(document(tmp_path, listed("satu", "dua"), numbering=shape))
    assert verdict(question) == named


def test_a_list_that_counts_on_from_another_cell_is_named_and_one_that_begins_again_is_not(
    tmp_path: Path,
) -> None:
    stems = [listed("satu", "dua"), listed("tiga"), listed("satu", number=4)]
    first, second, third = questions(document(tmp_path, *stems, numbering=numbering("decimal")))
    assert [verdict(one) for one in (first, second, third)] == [[], ["3"], []]


def test_a_number_of_a_paragraph_style_is_a_number(tmp_path: Path) -> None:
    more = '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>'
    styles = style("paragraph", "Huruf", "", more=more)
    stem = run("Manakah?") + "".join(in_paragraph("Huruf", run(entry)) for entry in ("satu", "dua"))
    question = only(document(tmp_path, stem, styles=styles, numbering=numbering("upperLetter")))
    assert verdict(question) == ["A, B, C"]
    assert question.item is not None
    assert len(question.item.languages["id"].stem) == 2  # the question and one list


# What stands beside the words


@pytest.mark.parametrize(
    ("stem", "named"),
    [
        pytest.param(f"<w:ins>{run('baru')}</w:ins>", ["word-tracked"], id="inserted"),
        pytest.param(f"{run('tetap')}<w:del><w:r><w:delText>lama</w:delText></w:r></w:del>", ["word-tracked"], id="deleted"),
        pytest.param(f"{run('a')}<w:r><w:tab/></w:r>{run('b')}", ["tab-as-space"], id="a tab"),
        pytest.param(f"<w:bdo w:val='rtl'>{run('abc')}</w:bdo>", ["refused: bdo"], id="written backwards"),
        pytest.param(
            f"<w:r><w:ruby><w:rt>{run('kana')}</w:rt><w:rubyBase>{run('kanji')}</w:rubyBase></w:ruby></w:r>",
            ["refused: ruby"], id="small words above",
        ),
        pytest.param('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', [], id="a known symbol"),
        pytest.param('<w:r><w:sym w:font="Khayal" w:char="F0FE"/></w:r>', ["refused: symbol Khayal F0FE"], id="an unknown symbol"),
        pytest.param("<w:r><w:dayLong/></w:r>", ["refused: dayLong"], id="today"),
        pytest.param(f"<w:fldSimple w:instr=' REF a '>{run('tiga')}</w:fldSimple>", [], id="a field's result"),
        pytest.param(f"<w:fldSimple w:instr=' DATE '>{run('tiga')}</w:fldSimple>", ["refused: field DATE"], id="a date"),
        pytest.param("<w:r><w:t>\ue0f1lost: word-tracked\ue0f1</w:t></w:r>", ["refused: character-unreadable"], id="a mark of ours"),
    ],
)  # fmt: skip
def test_what_a_paragraph_holds_is_named(stem: str, named: list[str], tmp_path: Path) -> None:
    question = only(document(tmp_path, stem))
    assert [name.replace("U+E0F0", "character-unreadable") for name in verdict(question)] == named
    if question.item is not None:
        assert as_text(question.item.languages["id"].stem)


@pytest.mark.parametrize("kind", ["", "w:type='page'", "w:type='column'", "w:type='aneh'"])
def test_every_end_of_a_line_parts_words(kind: str, tmp_path: Path) -> None:
    question = only(document(tmp_path, f"{run('a')}<w:r><w:br {kind}/></w:r>{run('b')}"))
    assert question.item is not None
    assert as_text(question.item.languages["id"].stem) == "a\nb"


def test_a_deleted_end_of_a_paragraph_carries_no_words_into_the_next_cell(tmp_path: Path) -> None:
    stem = f"{run('Satu')}</w:p><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('dua')}"
    question = only(document(tmp_path, stem))
    assert verdict(question) == ["word-tracked"]
    assert question.item is not None
    shown = question.item.languages["id"]
    assert as_text(shown.stem) == "Satu\ndua"
    assert "dua" not in str(shown.interaction).replace("text='dua'", "", 1)


@pytest.mark.parametrize(("text", "named"), [("a   b", ["spaces-joined"]), ("a.  b", []), ("a   ", [])])
def test_spaces_that_mean_something_are_named(text: str, named: list[str], tmp_path: Path) -> None:
    assert verdict(only(document(tmp_path, run(text)))) == named


def test_notes_are_a_loss_and_comments_a_remark(tmp_path: Path) -> None:
    note = f'<w:footnote w:id="2"><w:p>{run("Menurut KBBI.")}</w:p></w:footnote>'
    comment = f'<w:comment w:id="5"><w:p>{run("Kuncinya?")}</w:p></w:comment>'
    stem = run("Apa?") + '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="5"/></w:r>'
    question = only(document(tmp_path, stem, footnotes=note, comments=comment))
    assert [(loss.code, loss.facts) for loss in question.losses] == [
        ("word-footnote", {"text": "Menurut KBBI."})
    ]
    assert ("word-comment", {"text": "Kuncinya?"}) in [(one.code, one.facts) for one in question.remarks]
    assert question.item is not None
    assert as_text(question.item.languages["id"].stem) == "Apa?"


def test_a_paragraph_from_right_to_left_is_named(tmp_path: Path) -> None:
    more = "<w:pPr><w:bidi/></w:pPr>"
    styles = style("paragraph", "Arab", "", more=more)
    assert verdict(only(document(tmp_path, in_paragraph("Arab", run("مرحبا 2")), styles=styles))) == [
        "direction"
    ]


@pytest.mark.parametrize(("mark", "what"), [("del", "deleted row"), ("hidden", "hidden row")])
def test_a_row_that_word_does_not_show_is_refused_and_not_gone(mark: str, what: str, tmp_path: Path) -> None:
    rows = table(HEAD, ["1", "Satu?", "1", "2", "", "", "", "A"], ["2", "Dua?", "1", "2", "", "", "", "A"])
    start, _, end = rows.rpartition("<w:tr>")
    first, second = questions(docx(tmp_path, f"{start}<w:tr><w:trPr><w:{mark}/></w:trPr>{end}"))
    assert first.fault is None
    assert verdict(second) == [f"refused: {what}"]


def test_a_row_that_begins_further_right_keeps_its_columns(tmp_path: Path) -> None:
    rows = table(HEAD, ["1", "Satu?", "x", "y", "", "", "", "A"])
    start, _, end = rows.rpartition("<w:tr>")
    moved = end.replace(
        '<w:tc><w:tcPr></w:tcPr><w:p><w:r><w:t xml:space="preserve">1</w:t></w:r></w:p></w:tc>', "", 1
    )
    assert moved != end
    grid = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    question = only(docx(tmp_path, f"{start}<w:tr>{grid}{moved}"))
    assert question.item is not None
    assert as_text(question.item.languages["id"].stem) == "Satu?"


SHAPES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
BOX = f"<w:txbxContent><w:p>{run('Di kotak')}</w:p></w:txbxContent>"
VML_BOX = f"<w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict>"
NEW_BOX = f"<w:drawing><wp:inline><a:graphic><a:graphicData><wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"


@pytest.mark.parametrize(
    ("drawn", "named"),
    [
        pytest.param(VML_BOX, ["word-text-box"], id="a text box"),
        pytest.param(NEW_BOX, ["refused: drawing with a text box"], id="one that only new programs show"),
        pytest.param(
            f"<mc:AlternateContent><mc:Choice>{NEW_BOX}</mc:Choice><mc:Fallback>{VML_BOX}</mc:Fallback></mc:AlternateContent>",
            ["word-text-box"], id="one in both ways",
        ),
        pytest.param(
            f"<mc:AlternateContent><mc:Choice>{NEW_BOX}</mc:Choice></mc:AlternateContent>",
            ["refused: drawing with a text box"], id="one without another way",
        ),
        pytest.param(
            f"<w:pict><v:group><v:line/><v:shape><v:textbox>{BOX}</v:textbox></v:shape></v:group></w:pict>",
            ["refused: drawing with a text box"], id="words on a drawing",
        ),
    ],
)  # fmt: skip
def test_words_in_a_drawing_are_named(drawn: str, named: list[str], tmp_path: Path) -> None:
    stem = f"{run('Lihat:')}<w:r {SHAPES}>{drawn}</w:r>"
    question = only(document(tmp_path, stem))
    assert verdict(question) == named
    if question.item is not None:
        assert "Di kotak" in as_text(question.item.languages["id"].stem)


@pytest.mark.parametrize(
    ("crop", "place", "named"),
    [
        ("<a:srcRect l='0' r='0'/>", "<a:xfrm rot='0'/>", []),
        ("<a:srcRect b='40000'/>", "", ["refused: cropped picture"]),
        ("", "<a:xfrm rot='5400000'/>", ["refused: turned picture"]),
        ("", "<a:xfrm flipH='1'/>", ["refused: turned picture"]),
    ],
)
def test_a_picture_that_word_shows_otherwise_than_its_file_is_refused(
    crop: str, place: str, named: list[str], tmp_path: Path
) -> None:
    from tests.banks.test_sheets import png

    drawn = (
        "<w:r><w:drawing><wp:inline><wp:docPr id='1' name='x' descr='Peta'/><a:graphic><a:graphicData><pic:pic>"
        f"<pic:blipFill><a:blip r:embed='p1'/>{crop}</pic:blipFill><pic:spPr>{place}</pic:spPr></pic:pic>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    related = f'<Relationship Id="p1" Type="{OFFICE}/image" Target="media/x.png"/>'
    row: list[Cell] = ["1", drawn, "1", "2", "", "", "", "A"]
    file = docx(tmp_path, table(HEAD, row), related=related, parts={"word/media/x.png": png()})
    assert verdict(only(file)) == named


@pytest.mark.parametrize(
    "answer",
    [
        run("10") + run("2", '<w:vertAlign w:val="superscript"/>'),
        "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>",
    ],
)
def test_an_answer_that_nobody_can_type_is_refused(answer: str, tmp_path: Path) -> None:
    head: list[Cell] = ["NO", "SOAL", "JENIS", "JAWABAN"]
    short, essay = questions(
        docx(tmp_path, table(head, ["1", "Berapa?", "4", answer], ["2", "Uraikan!", "5", answer]))
    )
    assert verdict(short)[0].startswith("refused: ")
    assert short.fault is not None
    assert short.fault.code == "answer-not-typed"
    assert [loss.code for loss in essay.losses] == ["style-dropped"]


def test_a_column_that_is_no_option_is_named(tmp_path: Path) -> None:
    head: list[Cell] = ["NO", "SOAL", "JAWABAN A", "JAWABAN B", "KETERANGAN", "JAWABAN BENAR"]
    question = only(docx(tmp_path, table(head, ["1", "Satu?", "x", "y", "mudah", "A"])))
    assert [(loss.code, loss.facts) for loss in question.losses] == [
        ("field-dropped", {"field": "keterangan"})
    ]


def test_a_strict_document_is_read_as_any_other(tmp_path: Path) -> None:
    import zipfile

    file = document(tmp_path, run("kata", "<w:vanish/>"), run("kata"))
    strict = tmp_path / "ketat.docx"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(strict, "w") as made:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace(W[9:-1].encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
            made.writestr(name, data)
    hidden, seen = questions(strict)
    assert verdict(hidden) == ["refused: hidden text: kata"]
    assert verdict(seen) == []


def test_words_at_the_head_and_foot_of_pages_are_named(tmp_path: Path) -> None:
    rows = table(HEAD, ["1", "Satu?", "x", "y", "", "", "", "A"])
    parts = {
        f"word/{name}1.xml": f"<w:{name} {W}><w:p>{run(text)}</w:p></w:{name}>".encode()
        for name, text in (("hdr", "Kerjakan dengan pensil."), ("ftr", "Halaman"))
    }
    bank = word.read(docx(tmp_path, rows, parts=parts))
    assert bank is not None
    assert [(loss.code, loss.facts["text"]) for loss in bank.losses] == [
        ("word-outside", "Halaman Kerjakan dengan pensil.")
    ]
