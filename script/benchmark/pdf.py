"""First render of a report by the warm engine beside a plain WeasyPrint call on the same HTML.

Invented reports of the size of a real one and with 50 measures; no document is rendered twice.
"""

import argparse
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

HEAD = """<!doctype html><html lang="th"><head><meta charset="utf-8">
<title>รายงานตัวอย่าง</title><style>{css}</style></head><body>"""

CSS = """
@font-face{font-family:Sarabun;src:url(/fonts/Sarabun-Regular.ttf)}
@font-face{font-family:Sarabun;font-weight:600;src:url(/fonts/Sarabun-SemiBold.ttf)}
@font-face{font-family:Sarabun;font-weight:700;src:url(/fonts/Sarabun-Bold.ttf)}
@font-face{font-family:Sarabun;font-style:italic;src:url(/fonts/Sarabun-Italic.ttf)}
@page{size:A4;margin:2.5cm 2cm 2.2cm 3cm;
 @top-left{content:"องค์การบริหารส่วนตำบลตัวอย่าง";font:8.7pt/1.4 Sarabun;color:#444;
  border-bottom:.6pt solid #b08d3c;vertical-align:bottom;margin-bottom:9pt;width:45%}
 @top-right{content:"รายงานผลการประเมิน ประจำปีงบประมาณ พ.ศ. 2564";font:8.7pt/1.4 Sarabun;
  color:#444;border-bottom:.6pt solid #b08d3c;vertical-align:bottom;margin-bottom:9pt;width:55%;
  text-align:right}
 @bottom-center{content:"หน้า " counter(page) " จาก " counter(pages);font:9.3pt/1.4 Sarabun}}
@page wide{size:A4 landscape;margin:2.3cm 1.8cm 1.9cm 1.8cm}
@page cover{margin:0;@top-left{content:none;border:none}@top-right{content:none;border:none}
 @bottom-center{content:none}}
html{font-family:Sarabun;font-size:10.7pt;line-height:1.72;color:#111}
body{margin:0}
.cover{page:cover;height:297mm;text-align:center;break-after:page}
.cover h1{font-size:20pt;margin:90mm 22mm 0;color:#1c2f5c;border:0}
h1,h2{font-weight:700;color:#1c2f5c;break-after:avoid;margin:0}
h1{font-size:14.6pt;line-height:1.45;text-align:center;margin:0 0 8pt;padding-bottom:5pt;
 border-bottom:1pt solid #b08d3c}
h2{font-size:12pt;margin:10pt 0 3pt}
p{margin:0 0 5pt;text-indent:2.5em;orphans:2;widows:2}
section{break-before:page}
.wide{page:wide}
table{width:100%;border-collapse:separate;border-spacing:0;border-top:.5pt solid #7d879c;
 border-left:.5pt solid #7d879c;table-layout:fixed;font-size:9.7pt;line-height:1.55;
 margin:5pt 0 9pt}
caption{break-after:avoid;text-align:left;font-weight:700}
th,td{border:0 solid #7d879c;border-width:0 .5pt .5pt 0;box-decoration-break:clone;
 padding:2.2pt 4.5pt;vertical-align:top;text-align:left}
thead th{background:#1c2f5c;color:#fff;text-align:center}
tbody th{background:#f3f5fa}
tr{break-inside:avoid}
td.n{text-align:right}
td ol{margin:0;padding:0;list-style:none}
td li{padding-left:1.25em;text-indent:-1.25em}
.bar{display:block;height:9pt}
.toc{list-style:none;padding:0}
.toc a{color:#111;text-decoration:none}
.toc a::after{content:leader('.') target-counter(attr(href),page)}
"""

WORDS = """
เจ้าหน้าที่ ให้บริการ ประชาชน อย่าง เท่าเทียม ตาม ลำดับ คำขอ และ แจ้ง ผล ภายใน
กำหนด ผู้บริหาร ติดตาม การดำเนินการ ทุกเดือน น้ำ ประปา ถนน ไฟฟ้า สาธารณะ
ปรับปรุง ข้อมูล บน เว็บไซต์ ให้ เป็นปัจจุบัน จัดทำ คู่มือ สำหรับ ผู้ที่ มาติดต่อ
เปิดเผย แผน งบประมาณ รับฟัง ความคิดเห็น กลุ่ม หมู่บ้าน ชุมชน ทรัพย์สิน ของ
ราชการ ต้อง มี ทะเบียน คุม ยืม คืน
"""


class Author:
    """Invents running text: another one for each `start`, never two sentences alike."""

    def __init__(self, start):
        self.place = start
        self.words = WORDS.split()

    def text(self, words):
        out = []
        for _ in range(words):
            self.place = (self.place * 31 + 17) % 9973
            out.append(
                self.words[self.place % len(self.words)] + (" " if self.place % 4 == 0 else "")
            )
        return "".join(out)

    def items(self, count, words):
        lines = "".join(f"<li>{n + 1}. {self.text(words)}</li>" for n in range(count))
        return f"<ol>{lines}</ol>"


def table(caption, heads, rows):
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    columns = f'<col style="width:{100 / len(heads):.4g}%">' * len(heads)
    body = "".join(
        f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{c}</td>" for c in rest) + "</tr>"
        for first, *rest in rows
    )
    return (
        f"<table><caption>{caption}</caption><colgroup>{columns}</colgroup>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def bar(value):
    return (
        f'<svg class="bar" viewBox="0 0 100 8" width="100" height="8"><title>{value} คะแนน</title>'
        f'<rect width="100" height="8" fill="#e4e8f0"/>'
        f'<rect width="{value}" height="8" fill="#1c2f5c"/></svg>'
    )


def sample_report(rows=4, start=0):
    """About 12 pages with 4 rows in the tables of measures and of progress."""
    author = Author(start)
    parts = [f"ส่วนที่ {n} {author.text(4)}" for n in range(1, 6)]
    html = [HEAD.format(css=CSS)]
    html.append(f'<div class="cover"><h1>{author.text(12)}</h1><p>{author.text(8)}</p></div>')
    links = "".join(f'<li><a href="#s{n}">{part}</a></li>' for n, part in enumerate(parts))
    html.append(f'<h1>สารบัญ</h1><ol class="toc">{links}</ol>')
    html.append(f'<section><h1 id="s0">{parts[0]}</h1>')
    for _ in range(5):
        html.append(f"<h2>{author.text(5)}</h2>" + f"<p>{author.text(70)}</p>" * 2)
    levels = [(f"{author.text(1)}", f"{90 - 8 * n}.00", author.text(3)) for n in range(7)]
    html.append(table("ระดับ", ("ระดับ", "คะแนน", "ความหมาย"), levels) + "</section>")
    html.append(f'<section><h1 id="s1">{parts[1]}</h1>')
    scores = [
        (f"{n + 1}. {author.text(3)}", f"{70 + n}.25", f"{72 + n}.50", bar(72 + n))
        for n in range(10)
    ]
    html.append(table("คะแนน", ("ตัวชี้วัด", "2563", "2564", "แผนภูมิ"), scores))
    html.append("".join(f"<p>{author.text(60)}</p>" for _ in range(4)) + "</section>")
    html.append(f'<section class="wide"><h1 id="s2">{parts[2]}</h1>')
    issues = [(f"{n + 1}. {author.text(3)}", author.text(25), author.items(3, 9)) for n in range(9)]
    html.append(table("ประเด็น", ("ตัวชี้วัด", "สิ่งที่ประเมิน", "ข้อที่ต้องพัฒนา"), issues) + "</section>")
    html.append(f'<section class="wide"><h1 id="s3">{parts[3]}</h1>')
    heads = ("มาตรการ", "วิธีดำเนินการ", "ระยะเวลา", "การติดตามผล", "ผู้รับผิดชอบ")
    measures = [
        (
            f"{n + 1}. {author.text(6)}",
            author.items(6, 11),
            author.text(3),
            author.items(5, 6),
            author.text(2),
        )
        for n in range(rows)
    ]
    html.append(table("มาตรการ", heads, measures) + "</section>")
    html.append(f'<section class="wide"><h1 id="s4">{parts[4]}</h1>')
    progress = [
        (
            f"{n + 1}. {author.text(6)}",
            author.items(6, 11),
            author.items(5, 14),
            author.items(2, 9),
        )
        for n in range(rows)
    ]
    heads = ("มาตรการ", "วิธีดำเนินการ", "ผลการดำเนินการ", "ข้อเสนอแนะ")
    html.append(table("ผลการดำเนินการ", heads, progress) + "</section></body></html>")
    return "".join(html)


def plain_fetcher():
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    from measures.report.fetcher import PackagedFiles

    files = PackagedFiles()

    class Fetcher(URLFetcher):
        def fetch(self, url, headers=None):
            body, media_type = files.read(url)
            return URLFetcherResponse(url, body, {"Content-Type": media_type})

    return Fetcher()


def naive(html):
    """What a page of WeasyPrint's manual would do, in this process."""
    from weasyprint import HTML

    from measures.report.fetcher import BASE_URL

    source = HTML(string=html, base_url=BASE_URL, url_fetcher=plain_fetcher())
    return source.write_pdf(pdf_variant="pdf/ua-1")


def worker_seconds():
    """CPU time of the worker process so far."""
    from measures.report import worker

    pid = worker._pool.workers[0].process.pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def timed(make, html, cpu):
    wall, used = time.perf_counter(), cpu()
    make(html)
    return time.perf_counter() - wall, cpu() - used


def measure(documents):
    """{name: (ours, naive, ratio)} of medians in seconds, of the documents in turn.

    In turn, so that a slow moment of the machine hits both. Wall time of ours includes the way
    to the worker process and back; its CPU time, the collection of garbage after the answer.
    """
    from measures.report.worker import render

    times = []
    for html in documents:
        times.append(timed(render, html, worker_seconds) + timed(naive, html, time.process_time))
    found = {}
    for name, place in (("wall", 0), ("CPU", 1)):
        ours = statistics.median(row[place] for row in times)
        plain = statistics.median(row[place + 2] for row in times)
        found[name] = ours, plain, ours / plain
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[4, 50])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    from django.conf import settings

    with TemporaryDirectory() as folder:
        settings.configure(
            REPORT_WORKERS=1,
            REPORTS_AT_ONCE=1,
            REPORT_NICENESS=0,
            REPORT_TIMEOUT=120,
            REPORT_MEMORY_MB=1500,
            REPORT_CACHE_DIR=Path(folder),
        )
        from measures.report.worker import render

        for make in (render, naive):  # Both have started and imported what they need.
            make(sample_report(1))
        print(f"{'seconds, medians':<20}{'ours':>9}{'naive':>9}{'ours/naive':>12}")
        for rows in options.rows:
            made = [sample_report(rows, start) for start in range(options.runs)]
            for kind, (ours, plain, ratio) in measure(made).items():
                title = f"{rows} measures, {kind}"
                print(f"{title:<20}{ours:>9.3f}{plain:>9.3f}{ratio:>12.3f}")


if __name__ == "__main__":
    main()
