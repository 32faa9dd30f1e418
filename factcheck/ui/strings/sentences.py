"""Refusals and notes that the program writes in English, and the app says in Indonesian: sentence by sentence.

A sentence is found by its pattern: `{name}` stands for whatever the program put there. What stands at `{what}`,
`{what2}` and so on is itself put into Indonesian where it is known here. The tests read the program and see that
every sentence it can raise has its pattern.
"""

# ruff: noqa: E501 - a text and its translation are read as whole lines
from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

SENTENCES: Final[Sequence[tuple[str, str]]] = (
    # review: who and why
    ("{what} cannot be done in the name of {who}. Give your own name.", "{what} tidak dapat dilakukan atas nama {who}. Isi nama Anda sendiri."),
    ("Say who you are: a name of 1 to {n} printable characters.", "Sebutkan siapa Anda: nama dengan 1 sampai {n} karakter yang dapat dicetak."),
    ("{who} is the name of the program. Give your own name.", "{who} adalah nama program ini. Isi nama Anda sendiri."),
    ("The reason has characters that are no text. Type it again.", "Alasannya memuat karakter yang bukan teks. Ketik sekali lagi."),
    ("Say why: {what} needs a reason.", "Sebutkan alasannya: {what} memerlukan alasan."),
    ("a verdict of your own", "putusan Anda sendiri"),
    ("taking an earlier verdict as your own", "mengambil putusan terdahulu sebagai putusan Anda"),
    ("dropping a claim", "mengeluarkan klaim"),
    ("a correction", "koreksi"),
    # review: the claim as it stands
    ("This claim was dropped. Restore it first, then work on it.", "Klaim ini sudah dikeluarkan. Kembalikan dulu, baru kerjakan."),
    ("This claim was dropped. Restore it first, then sign it off.", "Klaim ini sudah dikeluarkan. Kembalikan dulu, baru sahkan."),
    ("This claim is published. Begin a correction with its reason first (correct), then change it.", "Klaim ini sudah terbit. Buka koreksi beserta alasannya dulu, baru ubah."),
    ("The machine has no verdict on this claim, so none can be accepted. Set the verdict yourself.", "Mesin tidak punya putusan atas klaim ini, jadi tidak ada yang dapat diterima. Tetapkan sendiri putusannya."),
    ("The claim was reworded since the machine judged it. Check it again (recheck) or set the verdict yourself.", "Kata-kata klaim berubah sejak dinilai mesin. Periksa ulang atau tetapkan sendiri putusannya."),
    ("Say which verdict: {labels}.", "Sebutkan putusannya: {labels}."),
    ("Say which earlier claim is meant and its verdict (match_id and label).", "Sebutkan klaim terdahulu yang dimaksud dan putusannya (match_id dan label)."),
    ("The earlier verdict is {what}, not {what2}. Take it as it is, or set your own.", "Putusan terdahulu adalah {what}, bukan {what2}. Ambil apa adanya, atau tetapkan putusan sendiri."),
    ("A claim needs words. Give its text, or drop the claim.", "Klaim memerlukan kata-kata. Isi teksnya, atau keluarkan klaim itu."),
    ("A claim needs words. Give its text, or select words in the article.", "Klaim memerlukan kata-kata. Isi teksnya, atau pilih kata-kata dalam artikel."),
    ("The words and their place are as they were. Nothing is to be changed.", "Kata-kata dan letaknya masih sama. Tidak ada yang perlu diubah."),
    ("Say where in the article the claim stands: start, end and the words there.", "Sebutkan letak klaim dalam artikel: awal, akhir, dan kata-kata di sana."),
    ("At {start} to {end} the article has other words than those given. Select the words in the article again.", "Pada {start} sampai {end} artikel memuat kata-kata lain. Pilih lagi kata-katanya dalam artikel."),
    ("This claim was not dropped, so there is nothing to restore.", "Klaim ini tidak dikeluarkan, jadi tidak ada yang perlu dikembalikan."),
    ("Say one piece of evidence (evidence_n or added_n) and its stance.", "Sebutkan satu bukti (evidence_n atau added_n) dan sikapnya."),
    ("There is no evidence {n} of that kind on this claim (there is: {what}).", "Tidak ada bukti {n} semacam itu pada klaim ini (yang ada: {what})."),
    ("Give the evidence: its text, the quote and where the quote stands in the text.", "Isi buktinya: teksnya, kutipannya, dan letak kutipan dalam teks."),
    ("The quote does not stand at {start} to {end} of the text given. Quote words of that text exactly.", "Kutipan tidak ada pada {start} sampai {end} teks itu. Kutip kata-kata teks itu dengan tepat."),
    ("There is no result: check the claim again first.", "Belum ada hasil: periksa ulang klaim ini dulu."),
    ("The claim could not be checked again, and all stays as it was. {what}", "Klaim tidak dapat diperiksa ulang, dan semuanya tetap seperti semula. {what}"),
    ("The result is of other words than the claim has now. Check it again as it is worded.", "Hasil itu untuk kata-kata yang lain daripada kata-kata klaim sekarang. Periksa ulang dengan kata-kata yang sekarang."),
    ("The note is empty. Write what it is to say.", "Catatannya kosong. Tulis isinya."),
    ("This claim is {what} already; {what2} signed it off.", "Klaim ini sudah {what}; disahkan oleh {what2}."),
    ("Nobody has decided this claim. Accept the machine's verdict or set one, then sign it off.", "Belum ada yang memutuskan klaim ini. Terima putusan mesin atau tetapkan putusan, baru sahkan."),
    ("{who} decided this claim, so somebody else must sign it off. (FACTCHECK_TWO_PEOPLE=false lets one person do both.)", "{who} yang memutuskan klaim ini, jadi orang lain yang harus mengesahkannya. (FACTCHECK_TWO_PEOPLE=false mengizinkan satu orang melakukan keduanya.)"),
    ("Only a reviewed claim can be published. Have it signed off first.", "Hanya klaim yang sudah ditinjau dapat diterbitkan. Minta disahkan dulu."),
    ("Only a published claim is corrected. This one is not published: change it as it is.", "Hanya klaim yang sudah terbit dikoreksi. Klaim ini belum terbit: ubah langsung saja."),
    ("Only a reviewed or published claim comes back when its evidence changes.", "Hanya klaim yang sudah ditinjau atau terbit kembali ke antrean ketika buktinya berubah."),
    ("A claim is added to an article, not to a claim (Desk.add_claim).", "Klaim ditambahkan ke artikel, bukan ke klaim (Desk.add_claim)."),
    ("The run {run} has no finished claim {claim}.", "Pemeriksaan {run} tidak punya klaim selesai {claim}."),
    ("This claim was changed while you had it open: {what}. Look at it, then do yours again.", "Klaim ini berubah saat Anda membukanya: {what}. Lihat dulu, lalu ulangi perubahan Anda."),
    ("it was begun anew", "dimulai dari awal"),
    ("There is no article {run} whose claims were found. Check the article first.", "Tidak ada artikel {run} yang klaimnya sudah ditemukan. Periksa artikelnya dulu."),
    ("This claim is among the article's claims already. Open it there.", "Klaim ini sudah ada di antara klaim artikel. Buka dari sana."),
    ("The result quotes the document {document}, which did not come with it (sources).", "Hasil itu mengutip dokumen {document}, yang tidak disertakan (sources)."),
    ("There is no run {run}. `factcheck review list --articles` shows the runs there are.", "Tidak ada pemeriksaan {run}. `factcheck review list --articles` menampilkan yang ada."),
    ("There is no run {run}. `factcheck review list` shows the runs there are.", "Tidak ada pemeriksaan {run}. `factcheck review list` menampilkan yang ada."),
    ("The check of {run} is {what} and has no report yet. Let it end, or resume it.", "Pemeriksaan {run} {what} dan belum punya laporan. Tunggu sampai selesai, atau lanjutkan."),
    ("The run {run} {what}, so there is nothing to resume.", "Pemeriksaan {run} {what}, jadi tidak ada yang perlu dilanjutkan."),
    ("is being checked now", "sedang berjalan"),
    ("came to its end", "sudah selesai"),
    ("running", "sedang berjalan"),
    ("interrupted", "terputus"),
    ("failed", "gagal"),
    ("none", "tidak ada"),
    ("somebody", "seseorang"),
    ("reviewed", "selesai ditinjau"),
    ("published", "terbit"),
    ("supported", "didukung"),
    ("refuted", "terbantah"),
    ("conflicting", "bukti bertentangan"),
    ("not_enough_evidence", "bukti tidak cukup"),
    # review: evidence that changed
    ("The evidence has changed: {what}.", "Buktinya berubah: {what}."),
    ("“{name}” is no longer in the corpus", "“{name}” tidak ada lagi dalam korpus"),
    ("“{name}” is now marked {what}", "“{name}” kini ditandai {what}"),
    ("“{name}” is no longer marked", "“{name}” tidak lagi ditandai"),
    ("and {n} more", "dan {n} lagi"),
    ("disputed", "diperselisihkan"),
    ("superseded", "usang"),
    ("weak source", "lemah"),
    # reading a file or a text
    ("There is no file {path}. Check the spelling of the path.", "Tidak ada berkas {path}. Periksa ejaan alamatnya."),
    ("{path} is a directory. Give one file; `factcheck batch` takes directories.", "{path} adalah direktori. Berikan satu berkas; `factcheck batch` menerima direktori."),
    ("{path} may not be read: permission denied. Change its permissions or copy it.", "{path} tidak boleh dibaca: izin ditolak. Ubah izinnya atau salin berkasnya."),
    ("{path} cannot be read: {why}. Name a file that can be read.", "{path} tidak dapat dibaca: {why}. Sebutkan berkas yang dapat dibaca."),
    ("{path} cannot be read: {why}.", "{path} tidak dapat dibaca: {why}."),
    ("{what} is larger than {n} bytes. Give the article's text alone.", "{what} lebih besar dari {n} bita. Berikan teks artikelnya saja."),
    ("{what} is empty. Give an article with at least one sentence.", "{what} kosong. Berikan artikel dengan sedikitnya satu kalimat."),
    ("There is no text in {what}. Give an article with at least one sentence.", "Tidak ada teks dalam {what}. Berikan artikel dengan sedikitnya satu kalimat."),
    ("{what} has {n} characters; at most {most} are checked in one run. Check a part of it, or raise FACTCHECK_MAX_ARTICLE_CHARS.", "{what} berisi {n} karakter; paling banyak {most} yang diperiksa sekali jalan. Periksa sebagian, atau naikkan FACTCHECK_MAX_ARTICLE_CHARS."),
    ("{what} is an archive or another office file. Save it as .docx, .pdf or .txt and try again.", "{what} adalah arsip atau berkas kantor lain. Simpan sebagai .docx, .pdf, atau .txt, lalu coba lagi."),
    ("{what} is an old Word file or is protected by a password. Save it as .docx without a password and try again.", "{what} adalah berkas Word lama atau dilindungi kata sandi. Simpan sebagai .docx tanpa kata sandi, lalu coba lagi."),
    ("{what} is of a kind that is not read ({kind}). Readable files end in {known}.", "{what} berjenis yang tidak dibaca ({kind}). Berkas yang dapat dibaca berakhiran {known}."),
    ("{what} is binary data, not text. Give a text, Markdown, HTML, PDF, DOCX or subtitle file under a name with that ending.", "{what} adalah data biner, bukan teks. Berikan berkas teks, Markdown, HTML, PDF, DOCX, atau takarir dengan nama berakhiran sesuai."),
    ("{what} holds half a surrogate pair at character {n}, so it is damaged text. Save it again as UTF-8.", "{what} memuat setengah pasangan pengganti pada karakter {n}, jadi teksnya rusak. Simpan lagi sebagai UTF-8."),
    ("The encoding of {what} could not be told, or it is no text. Save it as UTF-8 and try again.", "Penyandian {what} tidak dikenali, atau isinya bukan teks. Simpan sebagai UTF-8, lalu coba lagi."),
    ("{what} has {n} characters of HTML; at most {most} are read. Save the article's text as a .txt file and give that.", "{what} berisi {n} karakter HTML; paling banyak {most} yang dibaca. Simpan teks artikelnya sebagai berkas .txt dan berikan itu."),
    ("No article could be found in {what}. Save the page's text as a .txt file and give that.", "Tidak ditemukan artikel dalam {what}. Simpan teks halamannya sebagai berkas .txt dan berikan itu."),
    ("No article could be found in {what}: the page has no text of its own (it may be drawn by scripts). Copy the text from the browser and paste it.", "Tidak ditemukan artikel dalam {what}: halaman itu tidak punya teks sendiri (mungkin dibuat oleh skrip). Salin teksnya dari peramban dan tempel."),
    ("{what} has no text layer: its {n} pages are scanned pictures. Run OCR on it (for instance with ocrmypdf) and try again.", "{what} tidak punya lapisan teks: {n} halamannya berupa gambar pindaian. Jalankan OCR (misalnya dengan ocrmypdf), lalu coba lagi."),
    ("There is no text in {what}: it may hold only pictures. Give the text itself.", "Tidak ada teks dalam {what}: mungkin isinya hanya gambar. Berikan teksnya sendiri."),
    ("There are no words in {what}: {n} cues were found. Is it an .srt or .vtt file?", "Tidak ada kata dalam {what}: ditemukan {n} isyarat. Benarkah itu berkas .srt atau .vtt?"),
    ("{what} is protected by a password. Save a copy without the password and try again.", "{what} dilindungi kata sandi. Simpan salinan tanpa kata sandi, lalu coba lagi."),
    ("{what} has {n} pages; at most {most} are read. Split it.", "{what} berisi {n} halaman; paling banyak {most} yang dibaca. Pecah berkasnya."),
    ("The markup of {what} is broken. Copy the text from the browser and paste it.", "Markup {what} rusak. Salin teksnya dari peramban dan tempel."),
    ("{what} is damaged or is not a PDF ({why}). Open it and save it again as PDF.", "{what} rusak atau bukan PDF ({why}). Buka dan simpan lagi sebagai PDF."),
    ("{what} is damaged or is not a Word document. Open it and save it again as .docx.", "{what} rusak atau bukan dokumen Word. Buka dan simpan lagi sebagai .docx."),
    ("{what} unpacks to {n} bytes in {parts} parts; at most {most} bytes are read. Take its pictures out, or save the text alone.", "{what} terurai menjadi {n} bita dalam {parts} bagian; paling banyak {most} bita yang dibaca. Keluarkan gambarnya, atau simpan teksnya saja."),
    ("The front matter of {what} is not closed. Put a line with --- after its last field.", "Bagian awal {what} tidak ditutup. Beri baris --- setelah kolom terakhirnya."),
    ("The front matter of {what} is not a list of `key: value` lines.", "Bagian awal {what} bukan daftar baris `kunci: nilai`."),
    ("The front matter of {what} is not YAML{line}: {why}. Correct it or take it out.", "Bagian awal {what} bukan YAML{line}: {why}. Perbaiki atau hapus."),
    ("The front matter of {what} is not YAML: {why}. Correct it or take it out.", "Bagian awal {what} bukan YAML: {why}. Perbaiki atau hapus."),
    ("the text", "teks"),
    ("The text", "Teks"),
    ("the article", "artikel"),
    ("The article", "Artikel"),
    ("the text of the row", "teks baris itu"),
    ("'reliability' is {given}; it takes {known}, or is left out", "'reliability' berisi {given}; yang diterima {known}, atau dikosongkan"),
    ("'{key}' is not a text; write it in quotation marks", "'{key}' bukan teks; tulis dalam tanda kutip"),
    ("'{key}' is longer than {n} characters", "'{key}' lebih panjang dari {n} karakter"),
    ("'{key}' holds half a surrogate pair, so it is damaged text", "'{key}' memuat setengah pasangan pengganti, jadi teksnya rusak"),
    ("'language' is {given}; it takes a code of ISO 639 such as id or en", "'language' berisi {given}; yang diterima kode ISO 639 seperti id atau en"),
    ("'doc_id' takes 1 to {n} printable characters", "'doc_id' menerima 1 sampai {n} karakter yang dapat dicetak"),
    ("'doc_id' is empty; give an id or leave the key out", "'doc_id' kosong; isi atau hapus kuncinya"),
    ("'{key}' is {given}, which is not a date: write it as YYYY-MM-DD, YYYY-MM or YYYY", "'{key}' berisi {given}, yang bukan tanggal: tulis sebagai YYYY-MM-DD, YYYY-MM, atau YYYY"),
    # fetching an address
    ("{url} redirects more than {n} times. Open it in a browser and give the last address.", "{url} mengalihkan lebih dari {n} kali. Buka di peramban dan berikan alamat terakhirnya."),
    ("{url} redirects to an address that is not valid.", "{url} mengalihkan ke alamat yang tidak sah."),
    ("{url} is larger than {n} bytes. Save the article's text and give the file, or raise FACTCHECK_FETCH_MAX_BYTES.", "{url} lebih besar dari {n} bita. Simpan teks artikelnya dan berikan berkasnya, atau naikkan FACTCHECK_FETCH_MAX_BYTES."),
    ("The address {url} is longer than {n} characters.", "Alamat {url} lebih panjang dari {n} karakter."),
    ("The address {url} holds a space, a backslash or a control character. Copy it again.", "Alamat {url} memuat spasi, garis miring terbalik, atau karakter kendali. Salin sekali lagi."),
    ("The address {url} does not begin with http:// or https://, and only those are fetched.", "Alamat {url} tidak diawali http:// atau https://, dan hanya itu yang diambil."),
    ("The address holds a user name or password, and such addresses are not fetched. Take it out.", "Alamat itu memuat nama pengguna atau kata sandi, dan alamat seperti itu tidak diambil. Hapus dulu."),
    ("The address {url} holds no valid IPv6 address.", "Alamat {url} tidak memuat alamat IPv6 yang sah."),
    ("The address {url} names no host. Copy it again.", "Alamat {url} tidak menyebut nama host. Salin sekali lagi."),
    ("The address {url} is not a valid URL ({why}). Copy it again.", "Alamat {url} bukan URL yang sah ({why}). Salin sekali lagi."),
    ("The host name in {url} is not valid. Copy the address again.", "Nama host dalam {url} tidak sah. Salin lagi alamatnya."),
    ("The address {url} spells a numeric address in an unusual way and is refused.", "Alamat {url} menuliskan alamat angka dengan cara yang tidak lazim dan ditolak."),
    ("The name {host} could not be resolved in time. Check the network and try again.", "Nama {host} tidak dapat ditemukan alamatnya pada waktunya. Periksa jaringan dan coba lagi."),
    ("There is no host {host}, or its name cannot be resolved. Check the address.", "Tidak ada host {host}, atau namanya tidak dapat ditemukan. Periksa alamatnya."),
    ("The name {host} resolves to something that is not an address.", "Nama {host} mengarah ke sesuatu yang bukan alamat."),
    ("{host} is at {address}, which is not a public address, so it was not fetched. Save the page and give the file.", "{host} berada di {address}, yang bukan alamat publik, jadi tidak diambil. Simpan halamannya dan berikan berkasnya."),
    ("{url} asks for port {port}; {scheme} is only fetched from port {usual}. Save the page and give the file.", "{url} meminta porta {port}; {scheme} hanya diambil dari porta {usual}. Simpan halamannya dan berikan berkasnya."),
    ("{url} answered {status}. The site does not let programs in, or wants a login. Copy the text from the browser and paste it.", "{url} menjawab {status}. Situs itu tidak mengizinkan program, atau meminta masuk log. Salin teksnya dari peramban dan tempel."),
    ("{url} answered {status}. There is no such page. Check the address.", "{url} menjawab {status}. Halaman itu tidak ada. Periksa alamatnya."),
    ("{url} answered {status}. Try again later, or copy the text from the browser and paste it.", "{url} menjawab {status}. Coba lagi nanti, atau salin teksnya dari peramban dan tempel."),
    ("{url} is {what}; only web pages, text, PDF and DOCX are read.", "{url} berjenis {what}; hanya halaman web, teks, PDF, dan DOCX yang dibaca."),
    ("of no stated type", "tidak disebutkan"),
    ("{url} is packed as {kind}, which was not asked for. Save the page and give the file.", "{url} dimampatkan sebagai {kind}, yang tidak diminta. Simpan halamannya dan berikan berkasnya."),
    ("{url} broke off after {n} of {all} bytes. Try again.", "{url} terputus setelah {n} dari {all} bita. Coba lagi."),
    ("{url} sent damaged data ({what}). Try again.", "{url} mengirim data rusak ({what}). Coba lagi."),
    ("it broke off", "terputus"),
    ("{url} did not answer within {n} seconds. Try again, or save the page and give the file.", "{url} tidak menjawab dalam {n} detik. Coba lagi, atau simpan halamannya dan berikan berkasnya."),
    ("The certificate of {host} is not valid ({why}), so its page was not read.", "Sertifikat {host} tidak sah ({why}), jadi halamannya tidak dibaca."),
    ("{url} could not be fetched ({what}). Check the address and the network.", "{url} tidak dapat diambil ({what}). Periksa alamat dan jaringannya."),
    ("its answer is not valid HTTP: {kind}", "jawabannya bukan HTTP yang sah: {kind}"),
    ("Connection refused", "sambungan ditolak"),
    ("Connection reset by peer", "sambungan diputus oleh server"),
    ("Network is unreachable", "jaringan tidak terjangkau"),
    ("No route to host", "tidak ada jalur ke host itu"),
    ("timed out", "waktu habis"),
    # documents and reviews that are brought to the corpus
    ("There is no file or directory at {path}. Check the spelling of the path.", "Tidak ada berkas atau direktori di {path}. Periksa ejaannya."),
    ("the row is not a JSON object; write {example} on one line", "baris itu bukan objek JSON; tulis {example} dalam satu baris"),
    ("the row has no 'text', or it is not a string", "baris itu tidak punya 'text', atau isinya bukan teks"),
    ("the row is not UTF-8 (byte {n}); save the file as UTF-8", "baris itu bukan UTF-8 (bita {n}); simpan berkasnya sebagai UTF-8"),
    ("the row is nested too deeply to be a document", "baris itu bersarang terlalu dalam untuk sebuah dokumen"),
    ("the row is not JSON ({why})", "baris itu bukan JSON ({why})"),
    ("the row is longer than {n} bytes; split the document", "baris itu lebih panjang dari {n} bita; pecah dokumennya"),
    ("The available-from date cannot be used: {why}.", "Tanggal mulai tersedia tidak dapat dipakai: {why}."),
    ("the id {id} already belongs to a different document, in {place}", "id {id} sudah milik dokumen lain, di {place}"),
    ("There is no file at {path}. Name a JSON or JSONL file with ClaimReview items.", "Tidak ada berkas di {path}. Sebutkan berkas JSON atau JSONL berisi ClaimReview."),
    ("it is not UTF-8 (byte {n})", "bukan UTF-8 (bita {n})"),
    ("it is nested too deeply", "bersarang terlalu dalam"),
    ("it is wrapped too deeply", "terbungkus terlalu dalam"),
    ("it is not JSON ({why})", "bukan JSON ({why})"),
    ("it is not a JSON object", "bukan objek JSON"),
    ("there is no ClaimReview in it", "tidak ada ClaimReview di dalamnya"),
    ("the file has {n} bytes, more than {most}; write one item a line as .jsonl", "berkas itu berisi {n} bita, lebih dari {most}; tulis satu butir per baris sebagai .jsonl"),
    ("the line is longer than {n} bytes", "baris itu lebih panjang dari {n} bita"),
    ("it does not say what claim was reviewed", "tidak disebutkan klaim apa yang ditinjau"),
    ("its claim has {n} characters, more than {most}", "klaimnya berisi {n} karakter, lebih dari {most}"),
    ("it has no rating", "tidak punya penilaian"),
    ("it holds half a surrogate pair, so it is damaged text", "memuat setengah pasangan pengganti, jadi teksnya rusak"),
    ("its address has {n} characters, more than {most}", "alamatnya berisi {n} karakter, lebih dari {most}"),
    ("it has no http or https address of the review", "tidak ada alamat http atau https dari tinjauan itu"),
    # the corpus
    ("There is no corpus at {path}. Make one with `factcheck corpus add PATH`, or correct FACTCHECK_CORPUS or --corpus.", "Tidak ada korpus di {path}. Buat dengan `factcheck corpus add PATH`, atau perbaiki FACTCHECK_CORPUS atau --corpus."),
    ("There is no corpus at {path}.", "Tidak ada korpus di {path}."),
    ("There is a corpus at {path} already. Open it, or name another directory.", "Sudah ada korpus di {path}. Buka korpus itu, atau sebutkan direktori lain."),
    ("No corpus can be made at {path} ({why}). Name a directory that can be written to.", "Korpus tidak dapat dibuat di {path} ({why}). Sebutkan direktori yang dapat ditulisi."),
    ("The corpus at {path} is empty, so nothing could be checked against it. Add documents with `factcheck corpus add PATH`.", "Korpus di {path} kosong, jadi tidak ada yang dapat dijadikan pembanding. Tambahkan dokumen dengan `factcheck corpus add PATH`."),
    ("The corpus at {path} has no complete set of vectors. {what}.", "Korpus di {path} tidak punya vektor yang lengkap. {what}."),
    ("The corpus at {path} was embedded with {model} by another version of the model or of factcheck. {what}.", "Korpus di {path} disematkan dengan {model} oleh versi lain dari model atau factcheck. {what}."),
    ("The corpus at {path} was embedded with {model}, but FACTCHECK_EMBEDDING_MODEL is now {wanted}. {what}; or set FACTCHECK_EMBEDDING_MODEL={old}.", "Korpus di {path} disematkan dengan {model}, tetapi FACTCHECK_EMBEDDING_MODEL sekarang {wanted}. {what}; atau atur FACTCHECK_EMBEDDING_MODEL={old}."),
    ("Embed it again with the model that is set now: factcheck corpus reindex", "Sematkan lagi dengan model yang diatur sekarang: factcheck corpus reindex"),
    ("The Chroma server has {n} vectors, and the corpus at {path} {passages} passages: it is a server of another corpus, or of an older copy. Point FACTCHECK_CHROMA_URL to the server of this one.", "Server Chroma punya {n} vektor, sedangkan korpus di {path} punya {passages} bagian: itu server korpus lain, atau salinan lama. Arahkan FACTCHECK_CHROMA_URL ke server korpus ini."),
    ("The Chroma server at {place} cannot be used ({why}). Check that it runs (chroma run --path {path}) and that FACTCHECK_CHROMA_URL is its address.", "Server Chroma di {place} tidak dapat dipakai ({why}). Periksa apakah server itu berjalan (chroma run --path {path}) dan apakah FACTCHECK_CHROMA_URL alamatnya."),
    ("The vectors in {path} cannot be used ({why}). If the disk is neither full nor write-protected, build them again: factcheck corpus doctor --repair.", "Vektor di {path} tidak dapat dipakai ({why}). Bila cakram tidak penuh dan tidak terkunci, buat lagi: factcheck corpus doctor --repair."),
    ("Another process is writing to the corpus at {path}. Wait for it to end and try again.", "Proses lain sedang menulis ke korpus di {path}. Tunggu sampai selesai, lalu coba lagi."),
    ("Another process is writing to the corpus at {path}. Try again later.", "Proses lain sedang menulis ke korpus di {path}. Coba lagi nanti."),
    ("The corpus at {path} cannot be written to ({why}). Check the directory's permissions.", "Korpus di {path} tidak dapat ditulisi ({why}). Periksa izin direktorinya."),
    ("The corpus at {path} has format {n}; this factcheck knows up to {most}. Upgrade factcheck, or build the corpus again with this version.", "Korpus di {path} berformat {n}; factcheck ini mengenal sampai {most}. Mutakhirkan factcheck, atau buat lagi korpusnya dengan versi ini."),
    ("The corpus at {path} cannot be used ({why}). Check that the directory exists and can be written, that the disk is not full, and that the file is a factcheck corpus.", "Korpus di {path} tidak dapat dipakai ({why}). Periksa apakah direktorinya ada dan dapat ditulisi, cakramnya tidak penuh, dan berkasnya korpus factcheck."),
    ("No corpus of your own yet: checking against the {n} demo notes. Add yours with `factcheck corpus add PATH`.", "Belum ada korpus sendiri: diperiksa dengan {n} catatan contoh. Tambahkan korpus Anda dengan `factcheck corpus add PATH`."),
    ("The embedding model is another one now: indexing the demo notes anew ...", "Model penyematan sudah berganti: catatan contoh diindeks ulang ..."),
    ("First use: indexing the {n} demo notes that ship with factcheck ...", "Pemakaian pertama: mengindeks {n} catatan contoh bawaan factcheck ..."),
    # a check
    ("The claim is empty: give the statement to check as text.", "Klaimnya kosong: berikan pernyataan yang diperiksa sebagai teks."),
    ("The claim is hidden text or an order to a machine: give the statement to check as text.", "Klaimnya teks tersembunyi atau perintah kepada mesin: berikan pernyataan yang diperiksa sebagai teks."),
    ("There is nothing to check: the claim is hidden text or an order to a machine.", "Tidak ada yang dapat diperiksa: klaimnya teks tersembunyi atau perintah kepada mesin."),
    ("To resume a check, name its run and give the store that has it.", "Untuk melanjutkan pemeriksaan, sebutkan pemeriksaannya dan penyimpanan yang memuatnya."),
    ("An internal error ({kind}) stopped the check of this claim.", "Kesalahan internal ({kind}) menghentikan pemeriksaan klaim ini."),
    ("The service is shutting down and takes no new checks. Send it again in a moment.", "Layanan sedang berhenti dan tidak menerima pemeriksaan baru. Kirim lagi sebentar lagi."),
    ("{n} checks are waiting and there is no room for more. Nothing was taken in: send it again later.", "{n} pemeriksaan sedang menunggu dan tidak ada tempat lagi. Tidak ada yang diterima: kirim lagi nanti."),
    ("The record of runs at {path} cannot be opened ({why}). Set FACTCHECK_HOME to a directory you may write to, or move the damaged file away.", "Catatan pemeriksaan di {path} tidak dapat dibuka ({why}). Atur FACTCHECK_HOME ke direktori yang boleh Anda tulisi, atau pindahkan berkas yang rusak."),
    ("The record of runs at {path} was written by a later version of factcheck. Install that one, or set FACTCHECK_HOME to another directory.", "Catatan pemeriksaan di {path} ditulis oleh versi factcheck yang lebih baru. Pasang versi itu, atau atur FACTCHECK_HOME ke direktori lain."),
    ("The record of runs at {path} cannot be used ({why}). Check that {what}; what is in it is kept.", "Catatan pemeriksaan di {path} tidak dapat dipakai ({why}). Periksa apakah {what}; isinya tetap tersimpan."),
    ("the disk is not full and that nothing else holds the file", "cakram tidak penuh dan berkasnya tidak dipegang program lain"),
    ("The record of runs at {path} is damaged ({why}). Move the file away or restore a copy of it; until then nothing is recorded.", "Catatan pemeriksaan di {path} rusak ({why}). Pindahkan berkasnya atau pulihkan salinannya; sampai saat itu tidak ada yang tercatat."),
    # the language model
    ("No language model is set. Set FACTCHECK_LLM_MODEL (and FACTCHECK_LLM_BASE_URL for a server that is not OpenAI's), or check without one.", "Belum ada model bahasa. Atur FACTCHECK_LLM_MODEL (dan FACTCHECK_LLM_BASE_URL untuk server selain OpenAI), atau periksa tanpa model bahasa."),
    ("The endpoint needs a key. Set OPENAI_API_KEY or FACTCHECK_LLM_API_KEY, or set FACTCHECK_LLM_BASE_URL to a server of your own.", "Alamat layanan memerlukan kunci. Atur OPENAI_API_KEY atau FACTCHECK_LLM_API_KEY, atau arahkan FACTCHECK_LLM_BASE_URL ke server sendiri."),
    ("Azure OpenAI needs FACTCHECK_LLM_BASE_URL (https://NAME.openai.azure.com) and FACTCHECK_LLM_API_VERSION beside the deployment's name in FACTCHECK_LLM_MODEL.", "Azure OpenAI memerlukan FACTCHECK_LLM_BASE_URL (https://NAMA.openai.azure.com) dan FACTCHECK_LLM_API_VERSION di samping nama deployment dalam FACTCHECK_LLM_MODEL."),
    ("The language model at {place} cannot be reached. Check that it runs and that FACTCHECK_LLM_BASE_URL is its address.", "Model bahasa di {place} tidak dapat dihubungi. Periksa apakah server itu berjalan dan apakah FACTCHECK_LLM_BASE_URL alamatnya."),
    ("The language model at {place} gave no answer within {time}, {n} times. Try again, or raise FACTCHECK_LLM_TIMEOUT.", "Model bahasa di {place} tidak menjawab dalam {time}, {n} kali. Coba lagi, atau naikkan FACTCHECK_LLM_TIMEOUT."),
    ("The language model at {place} broke off in the middle of its answer, {n} times. Try again later.", "Model bahasa di {place} terputus di tengah jawabannya, {n} kali. Coba lagi nanti."),
    ("The language model at {place} refused the key (HTTP {status}). Check OPENAI_API_KEY or FACTCHECK_LLM_API_KEY.", "Model bahasa di {place} menolak kuncinya (HTTP {status}). Periksa OPENAI_API_KEY atau FACTCHECK_LLM_API_KEY."),
    ("The language model at {place} does not know the model {model} or the address (HTTP {status}). Check FACTCHECK_LLM_MODEL, and that FACTCHECK_LLM_BASE_URL ends as the server wants it (often /v1).", "Model bahasa di {place} tidak mengenal model {model} atau alamatnya (HTTP {status}). Periksa FACTCHECK_LLM_MODEL, dan apakah FACTCHECK_LLM_BASE_URL berakhir seperti yang diminta server (sering kali /v1)."),
    ("The language model at {place} is over its rate or quota limit (HTTP {status}). Wait, or lower FACTCHECK_LLM_CONCURRENCY.", "Model bahasa di {place} melewati batas laju atau kuotanya (HTTP {status}). Tunggu, atau turunkan FACTCHECK_LLM_CONCURRENCY."),
    ("The language model at {place} failed (HTTP {status}), {n} times. Try again later.", "Model bahasa di {place} gagal (HTTP {status}), {n} kali. Coba lagi nanti."),
    ("The language model at {place} did not accept the request (HTTP {status}). If it does not know the kind of answer asked for, try another FACTCHECK_LLM_STRUCTURED_OUTPUT (json_schema, function_calling, json_mode).", "Model bahasa di {place} tidak menerima permintaan (HTTP {status}). Bila tidak mengenal jenis jawaban yang diminta, coba FACTCHECK_LLM_STRUCTURED_OUTPUT yang lain (json_schema, function_calling, json_mode)."),
    ("The language model was given {n} sources and judged {what}.", "Model bahasa diberi {n} sumber dan menilai {what}."),
    ("only sources that were not given", "hanya sumber yang tidak diberikan"),
    ("no source at all", "tidak satu sumber pun"),
    ("The language model {model} {what}. If this happens often, try another FACTCHECK_LLM_STRUCTURED_OUTPUT (json_schema, function_calling, json_mode).", "Model bahasa {model} {what}. Bila sering terjadi, coba FACTCHECK_LLM_STRUCTURED_OUTPUT yang lain (json_schema, function_calling, json_mode)."),
    ("did not answer in JSON (the answer begins {begins})", "tidak menjawab dalam JSON (jawabannya diawali {begins})"),
    ("answered in another shape than {name}: {place}: {why}", "menjawab dalam bentuk selain {name}: {place}: {why}"),
    ("The language model {model} was cut off at {n} tokens; raise FACTCHECK_LLM_MAX_TOKENS.", "Model bahasa {model} terpotong pada {n} token; naikkan FACTCHECK_LLM_MAX_TOKENS."),
    ("The language model {model} refused: its content filter stopped the answer.", "Model bahasa {model} menolak: penyaring isinya menghentikan jawaban."),
    ("The language model {model} refused: {why}.", "Model bahasa {model} menolak: {why}."),
    ("The language model {model} gave an empty answer.", "Model bahasa {model} memberi jawaban kosong."),
    ("The language model {model} sent more than {n} MB, and the rest was not read.", "Model bahasa {model} mengirim lebih dari {n} MB, dan sisanya tidak dibaca."),
    ("The language model {model} sent a packed answer (Content-Encoding), which it was not asked for.", "Model bahasa {model} mengirim jawaban termampatkan (Content-Encoding), yang tidak diminta."),
    ("The language model {model} did not answer as an OpenAI-compatible server does ({why}).", "Model bahasa {model} tidak menjawab seperti server yang sesuai OpenAI ({why})."),
    # settings, models and what ships
    ("There is no setting {name}. The settings are {known}.", "Tidak ada pengaturan {name}. Pengaturan yang ada: {known}."),
    ("The setting {name} cannot be used: {why}. Correct the environment variable or leave it out.", "Pengaturan {name} tidak dapat dipakai: {why}. Perbaiki variabel lingkungannya atau hapus."),
    ("The file {name} that belongs to the packaged encoder cannot be read ({why}). Install factcheck again.", "Berkas {name} milik penyandi bawaan tidak dapat dibaca ({why}). Pasang ulang factcheck."),
    ("The packaged embedding model cannot be written to {path} ({why}). It takes 470 MB once: free the space, or set FACTCHECK_HOME to a directory that can be written to.", "Model penyematan bawaan tidak dapat ditulis ke {path} ({why}). Perlu 470 MB sekali saja: kosongkan ruang, atau atur FACTCHECK_HOME ke direktori yang dapat ditulisi."),
    ("The embedding model {name} cannot be loaded: {why} Set FACTCHECK_EMBEDDING_MODEL to {usual}, to the directory of a sentence-transformers model, or to the name of one on a hub that this machine can reach.", "Model penyematan {name} tidak dapat dimuat: {why} Atur FACTCHECK_EMBEDDING_MODEL ke {usual}, ke direktori model sentence-transformers, atau ke nama model di hub yang terjangkau mesin ini."),
    ("The tokenizer has no {token}: it is not the packaged encoder's own.", "Pemecah katanya tidak punya {token}: bukan milik penyandi bawaan."),
    ("{path} does not describe a verifier of this version: it needs {needed}, with the labels {labels}. Reinstall factcheck.", "{path} bukan uraian pemeriksa versi ini: perlu {needed}, dengan label {labels}. Pasang ulang factcheck."),
    ("The verifier's weights {path} are damaged (sha256 {digest}...). Reinstall factcheck.", "Bobot pemeriksa {path} rusak (sha256 {digest}...). Pasang ulang factcheck."),
    ("The verifier in {path} was trained on another encoder ({old}...) than the installed one ({new}...). Train it anew (training/README.md).", "Pemeriksa di {path} dilatih dengan penyandi lain ({old}...) daripada yang terpasang ({new}...). Latih lagi (training/README.md)."),
    ("The verifier's {name} cannot be read: {why}. Reinstall factcheck.", "{name} milik pemeriksa tidak dapat dibaca: {why}. Pasang ulang factcheck."),
    ("The verifier's {name} cannot be read ({why}). Reinstall factcheck.", "{name} milik pemeriksa tidak dapat dibaca ({why}). Pasang ulang factcheck."),
    ("The verifier's weights cannot be read: {why}. Reinstall factcheck.", "Bobot pemeriksa tidak dapat dibaca: {why}. Pasang ulang factcheck."),
    ("{path} is not JSON: {why}. Reinstall factcheck.", "{path} bukan JSON: {why}. Pasang ulang factcheck."),
    ("{path} was made for other features. Fit it anew (training/README.md).", "{path} dibuat untuk ciri lain. Sesuaikan lagi (training/README.md)."),
    ("{path} was made for other columns of what was found. Fit it anew (training/README.md).", "{path} dibuat untuk kolom temuan yang lain. Sesuaikan lagi (training/README.md)."),
    ("{path} was fitted for the verifier {old}, and this one is {new}. Fit it anew (training/README.md).", "{path} disesuaikan untuk pemeriksa {old}, sedangkan yang ini {new}. Sesuaikan lagi (training/README.md)."),
    ("The installed package {name} lacks {part}. Run: {command}.", "Paket terpasang {name} tidak memuat {part}. Jalankan: {command}."),
    ("The package {name}, which carries the multilingual encoder, is not installed. Run: {command}.", "Paket {name}, yang memuat penyandi multibahasa, belum terpasang. Jalankan: {command}."),
    ("Token ids must lie in {range}; got {given}. Use the tokenizer of the same PackagedEncoder.", "Id token harus dalam {range}; yang diberikan {given}. Pakai pemecah kata dari PackagedEncoder yang sama."),
    ("{path} holds something other than a finished {name}. Name another directory, or delete this one.", "{path} berisi selain {name} yang utuh. Sebutkan direktori lain, atau hapus yang ini."),
    ("{path} is not the encoder this version was made for: its sha256 is {old}..., expected {new}.... Install the pinned release: {command}.", "{path} bukan penyandi untuk versi ini: sha256-nya {old}..., seharusnya {new}.... Pasang rilis yang ditetapkan: {command}."),
    ("The encoder file {path} cannot be read: {why}.", "Berkas penyandi {path} tidak dapat dibaca: {why}."),
    ("{path} is not an encoder container: {why}.", "{path} bukan wadah penyandi: {why}."),
    ("The model could not be moved to {path}: {why}.", "Model tidak dapat dipindahkan ke {path}: {why}."),
    ("{name} is missing: it is neither in {path} nor beside the package. Install factcheck again, or run it from a complete checkout.", "{name} tidak ada: tidak di {path} dan tidak di samping paket. Pasang ulang factcheck, atau jalankan dari salinan yang lengkap."),
    ("The directory of prompts {path} does not exist. Correct FACTCHECK_PROMPTS or leave it out.", "Direktori prompt {path} tidak ada. Perbaiki FACTCHECK_PROMPTS atau hapus."),
    ("The prompt {path} calls itself {name}; its `name` must be {wanted}.", "Prompt {path} menyebut dirinya {name}; `name` harus {wanted}."),
    ("The prompt {path} asks for the schema {name}, but its reply is read as {wanted}. Correct `schema` in its front matter, and the text with it.", "Prompt {path} meminta skema {name}, tetapi jawabannya dibaca sebagai {wanted}. Perbaiki `schema` di bagian awalnya, beserta teksnya."),
    ("The prompt {path} has no front matter: it must begin with a block between two lines `---`.", "Prompt {path} tidak punya bagian awal: harus diawali blok di antara dua baris `---`."),
    ("The front matter of the prompt {path} must be a list of fields, such as `name: verdict`.", "Bagian awal prompt {path} harus berupa daftar kolom, seperti `name: verdict`."),
    ("The prompt {path} needs two parts with the line {line} between them: the fixed instructions, then what changes from call to call.", "Prompt {path} memerlukan dua bagian yang dipisahkan baris {line}: petunjuk tetap, lalu yang berubah tiap panggilan."),
    ("The front matter of the prompt {path} lacks the field `{name}`.", "Bagian awal prompt {path} tidak punya kolom `{name}`."),
    ("The front matter of the prompt {path} must list its `variables`, such as [claim, sources].", "Bagian awal prompt {path} harus mendaftar `variables`, seperti [claim, sources]."),
    ("The front matter of the prompt {path} is not YAML: {why}", "Bagian awal prompt {path} bukan YAML: {why}"),
    ("The prompt {path} uses the variable {name} in its fixed part; move it below the line {line}.", "Prompt {path} memakai variabel {name} di bagian tetap; pindahkan ke bawah baris {line}."),
    ("The prompt {path} uses the variable {name} without declaring it in `variables`.", "Prompt {path} memakai variabel {name} tanpa menyebutnya dalam `variables`."),
    ("The prompt {path} declares the variable {name} and never uses it.", "Prompt {path} menyebut variabel {name} tetapi tidak memakainya."),
    ("The prompt {path} uses the variable {name}, which nothing fills in; it can use {known}.", "Prompt {path} memakai variabel {name}, yang tidak diisi apa pun; yang dapat dipakai {known}."),
    ("The prompt {path} does not use the variable {name}, without which its reply means nothing.", "Prompt {path} tidak memakai variabel {name}; tanpanya jawabannya tidak berarti."),
    ("The prompt {path} cannot be filled in: {what}.", "Prompt {path} tidak dapat diisi: {what}."),
    ("{name} was not given", "{name} tidak diberikan"),
    ("{name} is not one of its variables", "{name} bukan variabelnya"),
    ("The prompt {path} cannot be read: {why}. It must be a UTF-8 text file.", "Prompt {path} tidak dapat dibaca: {why}. Harus berkas teks UTF-8."),
    ("The file of source tiers {path} is over {n} bytes. Leave out what you can.", "Berkas tingkat sumber {path} lebih dari {n} bita. Kurangi isinya."),
    ("The file of source tiers {path} cannot be read: {why}. Correct FACTCHECK_SOURCES or leave it out for the rules that ship.", "Berkas tingkat sumber {path} tidak dapat dibaca: {why}. Perbaiki FACTCHECK_SOURCES atau hapus agar aturan bawaan dipakai."),
    ("The file of source tiers {path} cannot be read: {why}.", "Berkas tingkat sumber {path} tidak dapat dibaca: {why}."),
    ("The file of source tiers {path} is not UTF-8 text. Save it as UTF-8.", "Berkas tingkat sumber {path} bukan teks UTF-8. Simpan sebagai UTF-8."),
    ("The file of source tiers {path} is not TOML: {why}. Correct it there.", "Berkas tingkat sumber {path} bukan TOML: {why}. Perbaiki di sana."),
    ("{path}:{line}: {why}. Correct it, or FACTCHECK_SOURCES.", "{path}:{line}: {why}. Perbaiki, atau perbaiki FACTCHECK_SOURCES."),
    # exports
    ("A ClaimReview names its author and the page it stands on. Set FACTCHECK_SITE_NAME and FACTCHECK_SITE_URL, or give both as options.", "ClaimReview menyebut penulis dan halamannya. Atur FACTCHECK_SITE_NAME dan FACTCHECK_SITE_URL, atau berikan keduanya sebagai pilihan."),
    ("A ClaimReview names its author and the page it stands on. Set the site's {what}.", "ClaimReview menyebut penulis dan halamannya. Atur {what} situs."),
    ("name (FACTCHECK_SITE_NAME)", "nama (FACTCHECK_SITE_NAME)"),
    ("address (FACTCHECK_SITE_URL)", "alamat (FACTCHECK_SITE_URL)"),
    ("The site's address {url} cannot be used. Set FACTCHECK_SITE_URL to one like https://example.org/checks.", "Alamat situs {url} tidak dapat dipakai. Atur FACTCHECK_SITE_URL seperti https://example.org/checks."),
    ("Claim {claim} was dropped. Restore it and have it signed off to publish it as a ClaimReview.", "Klaim {claim} sudah dikeluarkan. Kembalikan dan minta disahkan agar dapat terbit sebagai ClaimReview."),
    ("Claim {claim} is being corrected. Have the correction signed off to publish it again.", "Klaim {claim} sedang dikoreksi. Minta koreksinya disahkan agar dapat terbit lagi."),
    ("Claim {claim} is not signed off. A ClaimReview is made of claims that a person has signed off.", "Klaim {claim} belum disahkan. ClaimReview dibuat dari klaim yang sudah disahkan orang."),
    ("The run {run} has no claim {claim}. `factcheck review list` names them.", "Pemeriksaan {run} tidak punya klaim {claim}. `factcheck review list` menyebutkannya."),
    ("A PDF file needs {name}. Install it with: pip install 'factcheck[pdf]'. Or open the HTML page in a browser and print it to a file.", "Berkas PDF memerlukan {name}. Pasang dengan: pip install 'factcheck[pdf]'. Atau buka halaman HTML di peramban dan cetak ke berkas."),
    ("The font {path} cannot be used ({why}). Name a TrueType or OpenType file.", "Fon {path} tidak dapat dipakai ({why}). Sebutkan berkas TrueType atau OpenType."),
    ("There are no texts in {language}. Give en or id as the language.", "Tidak ada teks dalam bahasa {language}. Berikan en atau id."),
    # notes on a run
    ("The check was interrupted and resumed on {day}: {what} had been checked by then, and the time given is that of the rest.", "Pemeriksaan terputus dan dilanjutkan pada {day}: {what} sudah diperiksa saat itu, dan waktu yang disebut adalah waktu untuk sisanya."),
    ("{n} of {all} claims", "{n} dari {all} klaim"),
    ("The corpus was another when it began.", "Korpusnya lain ketika pemeriksaan dimulai."),
    ("This report was not recorded: {what}", "Laporan ini tidak tercatat: {what}"),
    ("It began in the mode {mode}.", "Pemeriksaan dimulai dalam mode {mode}."),
    ("The article has text that was not read: {what}.", "Artikel memuat teks yang tidak dibaca: {what}."),
    ("Text that no reader sees was left out: {what}. It gives orders to a machine.", "Teks yang tidak terlihat pembaca disisihkan: {what}. Isinya perintah kepada mesin."),
    ("Text that no reader sees was left out: {what}.", "Teks yang tidak terlihat pembaca disisihkan: {what}."),
    ("The claims were found by rules, since the language model could not: {what}", "Klaim ditemukan dengan aturan, karena model bahasa tidak dapat: {what}"),
    ("FACTCHECK_LLM_QUERIES is on and no language model is set: claims are searched for in their own words.", "FACTCHECK_LLM_QUERIES menyala tetapi tidak ada model bahasa: klaim dicari dengan kata-katanya sendiri."),
    ("The language model judges without a second opinion: {what}", "Model bahasa menilai tanpa pendapat kedua: {what}"),
    # what was not read
    ("an order to a machine ({n} {what})", "sebuah perintah kepada mesin ({n} {what})"),
    ("{count} orders to a machine ({n} {what})", "{count} perintah kepada mesin ({n} {what})"),
    ("a comment ({n} {what})", "sebuah komentar ({n} {what})"),
    ("{count} comments ({n} {what})", "{count} komentar ({n} {what})"),
    ("a hidden element ({n} {what})", "sebuah unsur tersembunyi ({n} {what})"),
    ("{count} hidden elements ({n} {what})", "{count} unsur tersembunyi ({n} {what})"),
    ("character", "karakter"),
    ("characters", "karakter"),
    ("{n} tag character", "{n} karakter tag"),
    ("{n} tag characters", "{n} karakter tag"),
    ("{n} invisible character", "{n} karakter tak terlihat"),
    ("{n} invisible characters", "{n} karakter tak terlihat"),
    ("{n} direction mark", "{n} tanda arah"),
    ("{n} direction marks", "{n} tanda arah"),
    ("{n} word written with letters of another script", "{n} kata yang ditulis dengan huruf aksara lain"),
    ("{n} words written with letters of another script", "{n} kata yang ditulis dengan huruf aksara lain"),
    # why something was left out
    ("an order to a machine: no model was shown it", "perintah kepada mesin: tidak ditunjukkan kepada model mana pun"),
    ("a comment that no reader sees", "komentar yang tidak terlihat pembaca"),
    ("text that no reader sees", "teks yang tidak terlihat pembaca"),
    ("over the limit of {n} claims for one article; others had a higher score", "melewati batas {n} klaim untuk satu artikel; yang lain bernilai lebih tinggi"),
    ("a quoted question, wish or appeal, which states nothing that can be checked", "kutipan berupa pertanyaan, harapan, atau imbauan, yang tidak menyatakan apa pun untuk diperiksa"),
    ("given as a claim", "diberikan sebagai klaim"),
    ("added by a person", "ditambahkan oleh orang"),
    ("over the limit of {n} claims a run", "melewati batas {n} klaim sekali jalan"),
    ("cannot stand alone: who or what “{word}” is stays open", "tidak dapat berdiri sendiri: siapa atau apa “{word}” tidak jelas"),
    # notes on a claim
    ("not read in the claim's own words: {what}", "tidak dibaca dalam kata-kata klaim sendiri: {what}"),
    ("not read in the source “{name}”: {what}", "tidak dibaca dalam sumber “{name}”: {what}"),
    ("hidden text or orders to machines in {n} more sources", "teks tersembunyi atau perintah kepada mesin dalam {n} sumber lagi"),
    ("searched without the language model's queries: {what}", "dicari tanpa kueri model bahasa: {what}"),
    ("the language model wrote no query that can be searched with", "model bahasa tidak menulis kueri yang dapat dipakai mencari"),
    ("an internal error, {kind}", "kesalahan internal, {kind}"),
    ("the offline verifier was sure ({n}): no language model was asked", "pemeriksa luring yakin ({n}): model bahasa tidak ditanya"),
    ("the language model was asked: {what}", "model bahasa ditanya: {what}"),
    ("sources take both sides", "sumber-sumber memihak dua sisi"),
    ("the offline verifier was not sure enough ({n})", "pemeriksa luring kurang yakin ({n})"),
    ("the claim is what somebody is reported to have said", "klaimnya tentang ucapan yang dikabarkan"),
    ("{n} of the model's answers were dropped or cut: not about the claim", "{n} jawaban model dibuang atau dipotong: bukan tentang klaim"),
    ("{n} findings for sources that were not given were dropped", "{n} temuan untuk sumber yang tidak diberikan dibuang"),
    ("{n} of {all} sources were not judged and count as neutral", "{n} dari {all} sumber tidak dinilai dan dianggap netral"),
    ("the offline verifier reads {n} of {all} sources differently", "pemeriksa luring membaca {n} dari {all} sumber secara berbeda"),
    ("no second opinion: {what}", "tanpa pendapat kedua: {what}"),
    ("Shown in the article's own words: the model's wording had {what}, which is not there", "Ditampilkan dengan kata-kata artikel sendiri: rumusan model memuat {what}, yang tidak ada di sana"),
    ("nothing", "kosong"),
    ("a question", "pertanyaan"),
    ("Filled in from the article: {words}", "Dilengkapi dari artikel: {words}"),
    ("“{word}”: {day}, counted from {start}", "“{word}”: {day}, dihitung dari {start}"),
    ("“{word}”: {who}, who speaks", "“{word}”: {who}, yang berbicara"),
    ("“{word}”: the side of {who}", "“{word}”: pihak {who}"),
    ("“{word}” is {what} or their side", "“{word}” adalah {what} atau pihaknya"),
    ("the speaker", "pembicara"),
    ("“{word}” is not certain", "“{word}” tidak pasti"),
    ("open: who “{word}” are, see the article", "terbuka: siapa “{word}”, lihat artikel"),
    ("open: who or what “{word}” is, see the article", "terbuka: siapa atau apa “{word}”, lihat artikel"),
    ("open: “{word}” was named earlier in the article", "terbuka: “{word}” sudah disebut sebelumnya dalam artikel"),
    # notes on evidence
    ("the model took both sides for this source, so neither counts", "model memihak dua sisi untuk sumber ini, jadi keduanya tidak dihitung"),
    ("the source gives another number", "sumber menyebut angka lain"),
    ("the source does not give the claim's number or date", "sumber tidak menyebut angka atau tanggal klaim"),
    ("a fact-check of this claim", "pemeriksaan fakta atas klaim ini"),
    ("the source reports a denial of this", "sumber melaporkan bantahan atas hal ini"),
    ("one denies what the other says", "yang satu membantah yang lain"),
    ("the source gives {theirs}, which agrees with {ours}", "sumber menyebut {theirs}, sesuai dengan {ours}"),
    ("the source says {theirs}", "sumber menyebut {theirs}"),
    ("the claim says {ours}", "klaim menyebut {ours}"),
)  # fmt: skip
"""(English, Indonesian), with the same fields; a longer pattern is tried before a shorter one."""

_FIELD: Final = re.compile(r"\{([a-z]+\d?)\}")
_NUMBERS: Final = frozenset({"n", "all", "most", "count"})
"""Fields that hold a number, so no space; others hold anything."""
_NUMBER: Final = re.compile(r"\d{1,3}(,\d{3})*(\.\d+)?")
_SIGNS: Final = str.maketrans(",.", ".,")
_DEEP: Final = 4
_LONGEST: Final = 20_000
"""Characters of a sentence that is looked for; the program writes none as long."""


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[list[str], str]]:
    """What a sentence is looked for among, that with the most words of its own first: words and names in turn."""
    ordered = sorted(SENTENCES, key=lambda pair: -len(_FIELD.sub("", pair[0])))
    return [(_FIELD.split(english), indonesian) for english, indonesian in ordered]


def _fields(parts: list[str], sentence: str) -> dict[str, str] | None:
    """What stands at a pattern's names, each taken as short as can be; None where the sentence is another.

    It takes time in proportion to the sentence, which may hold what strangers wrote; a regular expression would not.
    """
    names, words = parts[1::2], parts[::2]
    if not names:
        return {} if sentence == words[0] else None
    place, end = len(words[0]), len(sentence) - len(words[-1])
    if not (sentence.startswith(words[0]) and sentence.endswith(words[-1])):
        return None
    found = {}
    for name, following in zip(names[:-1], words[1:-1], strict=True):
        at = sentence.find(following, place + 1, end)
        if at < 0:
            return None
        found[name], place = sentence[place:at], at + len(following)
    found[names[-1]] = sentence[place:end]
    if place >= end or any(" " in found[name] for name in _NUMBERS & found.keys()):
        return None
    quoted = [found[name] for name, before in zip(names, words, strict=False) if before.endswith("“")]
    return None if any("”" in value for value in quoted) else found


def _told(name: str, value: str, depth: int) -> str:
    """What stands at a name: a sentence in Indonesian, a number with Indonesian signs, anything else as it is."""
    if name in _NUMBERS and _NUMBER.fullmatch(value):
        return value.translate(_SIGNS)
    return in_indonesian(value, depth + 1) if name.startswith("what") else value


def _pieces(sentence: str, joint: str) -> list[str]:
    """What is joined, where a name in quotation marks may hold the joint as well."""
    pieces: list[str] = []
    still_open = 0
    for piece in sentence.split(joint):
        if still_open > 0:
            pieces[-1] += joint + piece
        else:
            pieces.append(piece)
        still_open += piece.count("“") - piece.count("”")
    return pieces


@lru_cache(maxsize=2_000)
def in_indonesian(sentence: str, depth: int = 0) -> str:
    """A sentence of the program in Indonesian; one that is not known, such as a person's own words, as it is.

    What is joined by semicolons or commas is looked for piece by piece where the whole is not known.
    """
    if len(sentence) > _LONGEST or depth > _DEEP:
        return sentence
    for parts, indonesian in _patterns():
        found = _fields(parts, sentence)
        if found is not None:
            told = {name: _told(name, value, depth) for name, value in found.items()}
            return _FIELD.sub(lambda field, told=told: told[field[1]], indonesian)  # type: ignore[misc]
    for joint in ("; ", ", "):
        pieces = _pieces(sentence, joint)
        if len(pieces) > 1:
            said = [in_indonesian(piece, depth + 1) for piece in pieces]
            if said != pieces:
                return joint.join(said)
    return sentence
