"""The field's terms, which no line of the report breaks.

libthai, by which Pango breaks Thai lines, knows ordinary words only: ตัว|ชี้|วัด. Taught to it, a
term costs nothing, where markup around each would cost a tenth of the rendering. A term wider than
its column is broken all the same.
"""

import ctypes
import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

DICTIONARY = Path("/usr/share/libthai/thbrk.tri")

#: None wider than the narrowest columns of lists and periods in a table: 30 mm.
TERMS = tuple(
    """
    ตัวชี้วัด ตัวชี้วัดย่อย ค่าเป้าหมาย การประเมิน ผลการประเมิน ผู้ประเมิน คะแนนรวม จุดแข็ง จุดอ่อน
    สูงสุด ต่ำสุด สูงกว่า ต่ำกว่า เพิ่มขึ้น ลดลง มากที่สุด น้อยที่สุด ดังนี้ ดังกล่าว
    คุณธรรม จริยธรรม ความโปร่งใส ธรรมาภิบาล ทุจริต ประพฤติมิชอบ สินบน ข้อร้องเรียน
    เรื่องร้องเรียน ความเสี่ยง เจตนารมณ์ มีส่วนร่วม การมีส่วนร่วม ผู้มีส่วนได้ส่วนเสีย ผู้รับบริการ
    ผู้ติดต่อ ผู้ใช้บริการ เจ้าหน้าที่ เจ้าพนักงาน ผู้บริหาร ผู้บังคับบัญชา ผู้รับผิดชอบ ผู้อนุมัติ
    ผู้ปฏิบัติงาน ผู้เกี่ยวข้อง ผู้ประกอบการ ผู้อำนวยการ ผู้ใหญ่บ้าน บุคลากร
    คณะกรรมการ คณะทำงาน หัวหน้าสำนักปลัด นายกเทศมนตรี ปลัดเทศบาล รองปลัด นิติกร
    การให้บริการ การบริการ การปฏิบัติ ปฏิบัติหน้าที่ ปฏิบัติงาน การปฏิบัติงาน การใช้งบประมาณ
    งบประมาณ ปีงบประมาณ เงินงบประมาณ กระบวนงาน กระบวนการ การใช้อำนาจ
    ใช้อำนาจ ทรัพย์สิน ทางราชการ การใช้ทรัพย์สิน
    ทรัพยากรบุคคล จัดซื้อจัดจ้าง การจัดซื้อจัดจ้าง จัดหาพัสดุ พัสดุ คุณภาพ ประสิทธิภาพ การสื่อสาร
    การดำเนินการ การดำเนินงาน ดำเนินการ ดำเนินงาน ผลการดำเนินการ ผลการดำเนินงาน วิธีดำเนินการ
    ระยะเวลา ข้อเสนอแนะ การติดตามผล ติดตามผล กำกับติดตาม การเปิดเผย ข้อมูลข่าวสาร
    ข้อมูลพื้นฐาน ข้อมูลสาธารณะ ฐานข้อมูล สาธารณะ ประชาสัมพันธ์ เว็บไซต์ ออนไลน์ สื่อสังคม ช่องทาง
    หอกระจายข่าว แผนปฏิบัติการ แผนพัฒนา แผนดำเนินงาน แผนแม่บท ยุทธศาสตร์ ขั้นตอน คู่มือ หลักเกณฑ์
    มาตรการ แนวทาง ประเด็น รายงานผล การประชุม คำสั่ง ประกาศ บันทึกข้อความ
    ภาครัฐ หน่วยงาน หน่วยงานภาครัฐ ส่วนราชการ ส่วนท้องถิ่น องค์การบริหาร องค์กรปกครอง ส่วนตำบล
    ส่วนจังหวัด เทศบาลตำบล เทศบาลเมือง เทศบาลนคร สำนักปลัด กองคลัง กองช่าง กองการศึกษา
    กองสวัสดิการ กองสาธารณสุข กองยุทธศาสตร์ กองการประปา กองการเจ้าหน้าที่ สำนักงาน ตรวจสอบภายใน
    ประชาชน สาธารณสุข สิ่งแวดล้อม ป้องกันการทุจริต การป้องกัน การทุจริต การแก้ไข
    ความคิดเห็น ความพึงพอใจ องค์ประกอบ ประกอบด้วย คงเดิม ประจำปีงบประมาณ คิดเป็นร้อยละ กำหนดเวลา
    กำหนดไว้ ตรวจสอบได้ รายเดือน รายไตรมาส ปีถัดไป ผู้อื่น ผู้มาติดต่อ คำขอ ผลสำรวจ ขับเคลื่อน
    จัดเก็บ จัดเก็บภาษี ของกำนัล
    """.split()
)


@contextmanager
def known():
    """While the process breaks its first Thai line: libthai reads its dictionary only then."""
    with TemporaryDirectory() as folder:
        write_dictionary(Path(folder) / DICTIONARY.name)
        os.environ["LIBTHAI_DICTDIR"] = folder
        try:
            yield
        finally:
            del os.environ["LIBTHAI_DICTDIR"]


def write_dictionary(path):
    """libthai's own with TERMS beside its words, as the trie that libdatrie keeps."""
    datrie = ctypes.CDLL("libdatrie.so.1")
    datrie.trie_new_from_file.restype = ctypes.c_void_p
    datrie.trie_store.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32)
    datrie.trie_save.argtypes = (ctypes.c_void_p, ctypes.c_char_p)
    datrie.trie_free.argtypes = (ctypes.c_void_p,)
    words = datrie.trie_new_from_file(bytes(DICTIONARY))
    if not words:
        raise RuntimeError(f"no Thai dictionary at {DICTIONARY}: is libthai-data installed?")
    for term in TERMS:
        key = ctypes.create_string_buffer(f"{term}\0".encode("utf-32-le"))
        datrie.trie_store(words, key, -1)
    failed = datrie.trie_save(words, bytes(path))
    datrie.trie_free(words)
    if failed:
        raise RuntimeError(f"cannot write {path}")
