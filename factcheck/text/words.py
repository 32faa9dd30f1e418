"""Word lists that several of the text rules share."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """A list of words, written as one text."""
    return frozenset(text.split())


NEGATIONS: dict[str, frozenset[str]] = {
    "id": word_set(
        "tidak bukan bukanlah tidaklah tak belum tanpa jangan tiada nggak enggak gak ngga ndak kagak takkan"
    ),
    "en": word_set(
        "not no never none nobody nothing neither nor without cannot can't don't doesn't didn't isn't aren't wasn't"
        " weren't won't wouldn't hasn't haven't hadn't couldn't shouldn't mustn't ain't"
    ),
}
"""Words that turn a statement into its opposite, by language."""

ALL_NEGATIONS = frozenset().union(*NEGATIONS.values())

CALENDAR = word_set(
    "januari februari maret april mei juni juli agustus september oktober november desember"
    " january february march may june july august october december"
    " senin selasa rabu kamis jumat sabtu minggu ahad monday tuesday wednesday thursday friday saturday"
    " sunday"
)

STARTERS = word_set(
    "the a an he she it they we you this that these those his her its their our my there here in on at"
    " for from with by"
    " as but and or so yet if when while after before since although though however meanwhile moreover"
    " according"
    " what who where why how one some many most all both each no not according under over during despite"
    " because then now today overall additionally currently recently originally initially eventually ultimately"
    " furthermore similarly finally formerly previously besides nevertheless"
    " ia dia mereka kami kita saya anda aku beliau itu ini hal para sang di ke dari pada dalam dengan"
    " untuk oleh sejak"
    " sebab karena namun tetapi tapi dan atau jika kalau ketika saat sementara setelah sebelum sesudah"
    " menurut meski"
    " meskipun walaupun selain sebagai akibatnya adapun bahkan sedangkan kemudian lalu lantas maka oleh"
    " selama sampai"
    " seorang sebuah suatu semua seluruh sejumlah beberapa banyak kedua ketiga apa siapa mengapa"
    " bagaimana kapan tidak"
    " bukan ada akan telah sudah masih hingga berdasarkan kini sekarang nantinya pihak pihaknya acara"
    " kegiatan polisi"
)

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that take no room: soft hyphens, joiners, marks of direction, byte order marks."""
