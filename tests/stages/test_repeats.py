"""What a document says twice goes once; what legitimately comes back stays."""

from __future__ import annotations

import pickle
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clean_ingest.core.document import Document, Metadata
from clean_ingest.core.stage import EVIDENCE_LIMIT, Edit, Stage
from clean_ingest.stages import _likeness as likeness
from clean_ingest.stages.repeats import Repeats


def edits_of(text: str, stage: Repeats | None = None, title: str | None = None) -> list[Edit]:
    """What the stage proposes for `text`."""
    document = Document.from_text(text)
    if title:
        document = Document(document.id, document.source, text, metadata=Metadata(title=title))
    return list((stage or Repeats()).propose(document))


def cleaned(text: str, stage: Repeats | None = None) -> str:
    """`text` without what the stage removes."""
    for edit in reversed(edits_of(text, stage)):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


def rules_of(text: str, stage: Repeats | None = None) -> list[str]:
    """The rules of the edits, in order."""
    return [edit.rule for edit in edits_of(text, stage)]


ARTICLES = {
    "english": """\
Ferry line to the islands opens again

The ferry to the outer islands sails again from Monday, eight months after a storm broke the pier at Northhaven.
The new pier stands on sixty steel piles, and the harbour master expects it to last for half a century at the least.

Tickets

A return ticket costs eleven crowns, as before the storm, and children under the age of twelve travel without paying.""",
    "russian": """\
Паром на острова снова ходит

С понедельника паром снова ходит на дальние острова: прошло восемь месяцев с тех пор, как шторм разрушил причал.
Новый причал стоит на шестидесяти стальных сваях, и начальник порта надеется, что он прослужит не менее полувека.

Билеты

Билет туда и обратно стоит одиннадцать крон, как и до шторма, а дети младше двенадцати лет ездят без билета.""",
    "chinese": """\
通往群岛的渡轮恢复通航

开往外岛的渡轮自星期一起恢复通航，距离暴风雨摧毁北港码头已经过去了整整八个月，岛上居民对此期待已久。
新码头建在六十根钢桩之上，港务长预计它至少可以使用半个世纪，并且能够抵御比去年冬天更猛烈的风浪袭击。

票价

往返票价仍为十一克朗，与暴风雨之前相同，十二岁以下的儿童可以免费乘船，老年人则可以享受半价优惠的待遇。""",
    "arabic": """\
عودة خط العبارات إلى الجزر

تعود العبارة إلى الإبحار نحو الجزر البعيدة ابتداء من يوم الاثنين، بعد ثمانية أشهر من عاصفة حطمت رصيف الميناء الشمالي.
يقوم الرصيف الجديد على ستين دعامة فولاذية، ويتوقع مدير الميناء أن يصمد نصف قرن من الزمان على أقل تقدير.

التذاكر

يبلغ ثمن تذكرة الذهاب والإياب إحدى عشرة كرونة كما كان قبل العاصفة، ويسافر الأطفال دون الثانية عشرة مجانا.""",
    "hindi": """\
द्वीपों के लिए नौका फिर चलेगी

बाहरी द्वीपों के लिए नौका सोमवार से फिर चलेगी, आठ महीने पहले एक तूफ़ान ने उत्तरी बंदरगाह का घाट तोड़ दिया था।
नया घाट साठ इस्पाती खंभों पर खड़ा है, और बंदरगाह के प्रमुख को आशा है कि वह कम से कम आधी सदी तक टिकेगा।

टिकट

आने और जाने का टिकट पहले की तरह ग्यारह क्राउन का है, और बारह साल से छोटे बच्चों को टिकट नहीं लेना पड़ता।""",
    "thai": """\
เรือข้ามฟากไปหมู่เกาะกลับมาเดินอีกครั้ง

เรือข้ามฟากไปยังหมู่เกาะรอบนอกจะกลับมาเดินอีกครั้งตั้งแต่วันจันทร์ หลังจากพายุทำลายท่าเรือเหนือเมื่อแปดเดือนก่อน
ท่าเรือใหม่ตั้งอยู่บนเสาเหล็กหกสิบต้น และหัวหน้าท่าเรือคาดว่าจะใช้งานได้อย่างน้อยครึ่งศตวรรษโดยไม่ต้องซ่อมแซม

ตั๋วเรือ

ตั๋วไปกลับราคาสิบเอ็ดโครนเท่ากับก่อนเกิดพายุ และเด็กอายุต่ำกว่าสิบสองปีเดินทางได้โดยไม่ต้องเสียค่าใช้จ่าย""",
    "korean": """\
섬으로 가는 여객선 다시 운항

바깥 섬으로 가는 여객선이 월요일부터 다시 운항하는데, 폭풍이 북항 부두를 무너뜨린 지 꼭 여덟 달 만의 일이라고 한다.
새 부두는 예순 개의 강철 말뚝 위에 서 있으며, 항만장은 이 부두가 적어도 반세기는 버틸 것으로 기대한다고 말했다.

요금

왕복 요금은 폭풍 전과 같은 열한 크로네이고, 열두 살이 되지 않은 아이들은 요금을 내지 않고 배를 탈 수 있다고 한다.""",
}


@pytest.mark.parametrize("language", ARTICLES)
def test_an_article_that_stands_twice_stays_once(language: str) -> None:
    """Paragraphs, headline and short subheadings of the second copy go, in any script."""
    article = ARTICLES[language]
    assert article == cleaned(f"{article}\n\n{article}").rstrip()
    assert {"repeats/section"} == set(rules_of(f"{article}\n\n{article}"))


@pytest.mark.parametrize("language", ARTICLES)
def test_an_article_alone_is_left_alone(language: str) -> None:
    """Text that repeats nothing costs no edit."""
    assert [] == edits_of(ARTICLES[language])


def test_an_article_that_stands_four_times_stays_once() -> None:
    """The more copies, the more of them must be alike; a whole article is enough."""
    article = ARTICLES["english"] + "\n" + "The sea was calm. " * 80
    assert article.rstrip() == cleaned("\n\n".join([article] * 4)).rstrip()


def test_lines_of_its_own_stay_in_a_copied_section() -> None:
    """What only the second copy says is kept where it stands."""
    first, second = ARTICLES["english"], ARTICLES["english"]
    second = second.replace("Tickets", "Tickets\n\nThe office is in the old customs house.")
    assert "The office is in the old customs house." in cleaned(f"{first}\n\n{second}")


def test_an_edited_paragraph_inside_a_copied_section_goes_as_a_near_copy() -> None:
    """One word in many may differ, and the evidence says how alike the copies are."""
    padding = "It was built in the yard of Easthaven over the winter, by forty women and men. "
    first = ARTICLES["english"].replace("The new pier", padding + "The new pier")
    first += "\nThe first boat leaves at seven in the morning, with the mayor and a band on board."
    second = first.replace("harbour master", "port master")
    found = edits_of(f"{first}\n\n{second}")
    near = next(edit for edit in found if edit.rule == "repeats/near")
    assert near.evidence.startswith("0.9189 like line 4: It was built in the yard")
    assert first == cleaned(f"{first}\n\n{second}").rstrip()


def test_a_number_that_differs_makes_another_paragraph() -> None:
    """Reports of one template differ in their numbers, even where copies surround them."""
    first = ARTICLES["english"].replace("sixty", "60")
    second = first.replace("60", "70")
    assert "stands on 70 steel piles" in cleaned(f"{first}\n\n{second}")


STAYS = {
    "a song with a refrain": """\
Die Mühle am Bach

Die Mühle am Bach, sie dreht sich im Kreis,
sie mahlt, was der Bauer an Körnern noch weiß.

Dreh dich, mein Rad, in der Sonne, im Regen,
dreh dich, mein Rad, und bring uns den Segen,
dreh dich, mein Rad.

Der Müller ist alt, und sein Esel ist grau,
am Morgen liegt über der Wiese der Tau.

Dreh dich, mein Rad, in der Sonne, im Regen,
dreh dich, mein Rad, und bring uns den Segen,
dreh dich, mein Rad.
Dreh dich, mein Rad.""",
    "a poem whose title is its first line": """\
Когда река вернётся в берега

Когда река вернётся в берега,
и лодки встанут в ряд у переправы,
мы вспомним, как гуляли по снегам
и как весной цвели речные травы.""",
    "a Chinese poem with a refrain": """\
采莲

江南的莲叶多么青翠，江水送我回家去，
小船摇过了石桥头。
江南的莲叶多么青翠，江水送我回家去，
白鹭飞过了沙洲头。
江南的莲叶多么青翠，江水送我回家去。""",
    "a litany with a long refrain": """\
For the fishers who go out in the dark, and for those who wait for them on the shore.
O keeper of the waters, hear our voice, and bring us home before the night has come.
For the fields that the flood has taken, and for the seed that was in them.
O keeper of the waters, hear our voice, and bring us home before the night has come.
For the children of the upper village, and for their teacher who is ill.
O keeper of the waters, hear our voice, and bring us home before the night has come.
For all who have no boat and no house, and no one to ask after them.
O keeper of the waters, hear our voice, and bring us home before the night has come.""",
    "a litany of many petitions": "\n".join(
        f"For the house of {name}, and for all who are in it.\n"
        "O keeper of the waters, hear our voice, and bring us home before the night has come."
        for name in ("Anna", "Berta", "Clara", "Dora", "Emma", "Frida", "Greta", "Hanna", "Ida")
    ),
    "a litany with a longer refrain than petitions": """\
For the fishers who go out in the dark, and for those who wait for them on the shore.
O keeper of all the waters, of the deep and of the shallow, hear our voice this night, and bring us home before the morning has come.
For the fields that the flood has taken, and for the seed that was in them.
O keeper of all the waters, of the deep and of the shallow, hear our voice this night, and bring us home before the morning has come.
For the children of the upper village, and for their teacher who is ill.
O keeper of all the waters, of the deep and of the shallow, hear our voice this night, and bring us home before the morning has come.""",
    "a statute": """\
The harbour office may shut the basin to all ships whose papers are not in order, and to those that owe it the dues of more than one year.
Whoever acts against this section can be fined by the office with up to five thousand crowns for each day.
The master of a ship has to tell the office of any goods that can burn, before the ship has passed the lighthouse on its way into the harbour.
Whoever acts against this section can be fined by the office with up to five thousand crowns for each day.
No one may empty oil or dirty water into the basin, into the canal or into the river above the weir, by day or by night, in any amount at all.
Whoever acts against this section can be fined by the office with up to five thousand crowns for each day.""",
    "a play": """\
ACTE PREMIER

MADELEINE.
Qui est là ?

LE FACTEUR.
C'est le facteur, madame.

MADELEINE.
Qui est là ?

LE FACTEUR, plus fort.
C'est le facteur, madame. J'apporte une lettre de votre frère, qui vous écrit de Saint-Aubin où il est en garnison depuis le printemps.

MADELEINE.
Oui.

LE FACTEUR.
Oui ?

MADELEINE.
Oui.""",
    "an interview": """\
Pregunta: ¿Y qué pasó después?
Respuesta: Nada. Nos quedamos en la casa hasta que volvió la luz, y entonces bajamos al puerto para ver si quedaba alguna barca entera.
Pregunta: ¿Y qué pasó después?
Respuesta: Nada.
Pregunta: ¿Tuvo miedo?
Respuesta: Nada.""",
    "a log": """\
2031-04-05 06:07:08 WARN [pump-2] /var/run/pump.sock: connection refused, trying again in 30 s
2031-04-05 06:07:38 WARN [pump-2] /var/run/pump.sock: connection refused, trying again in 30 s
WARN [pump-2] /var/run/pump.sock: connection refused, trying again in 30 s (code=7)
WARN [pump-2] /var/run/pump.sock: connection refused, trying again in 30 s (code=7)
The pump was restarted by hand at a quarter past six, and has been running without any further warning since that time, the engineer wrote.""",
    "code": """\
The first version of the function reads the whole file at once, which is fine for small files but not for what we have here:

def total(path):
    with open(path, encoding="utf-8") as lines:
        return sum(int(line.split(";")[2]) for line in lines if line.strip() and line[0] != "#")

The second version reads it line by line, and so it never holds more than one line of the file in memory at the same time:

def total(path):
    with open(path, encoding="utf-8") as lines:
        return sum(int(line.split(";")[2]) for line in lines if line.strip() and line[0] != "#")""",
    "a table": """\
Harbour\tMonday\tTuesday\tno ferry on days with more than eight points of wind
Northhaven\t7:10\t7:10\tonly with a reservation made at the latest on the day before
Easthaven\t7:10\t7:10\tonly with a reservation made at the latest on the day before
Harbour | Monday | Tuesday | no ferry on days with more than eight points of wind
Northhaven | 7:10 | 7:10 | only with a reservation made at the latest on the day before
Northhaven | 7:10 | 7:10 | only with a reservation made at the latest on the day before""",
    "cells, one a line": "Monat\nErtrag\nRegen\nMai\n3\n3\nJuni\n3\n0\nMonat\nErtrag\nRegen\nJuli\n3\n0",
    "a glossary": """\
渡し船
名詞
川や海峡を渡るための小さな船。
渡る
動詞
川や道の向こう側へ行くこと。
橋
名詞
川や道の上にかけて渡るもの。""",
    "a contract": """\
1. The lessor hands over the boat in working order at the beginning of the season, with sails, oars, anchor and all papers that belong to it.
The lessee has to be heard before any decision of the lessor under this section.
2. The lessee takes the boat out of the water before the first frost, and keeps it dry until the spring at a place that is known to the lessor.
The lessee has to be heard before any decision of the lessor under this section.
3. The lessor may end this contract with a notice of three months if the rent for two months has not been paid in spite of a written warning.
The lessee has to be heard before any decision of the lessor under this section.""",
    "a negation": """\
Арендатор не вправе передавать лодку третьим лицам без письменного согласия арендодателя, в том числе на один день.

Арендатор вправе передавать лодку третьим лицам без письменного согласия арендодателя, в том числе на один день.""",
    "a recipe": """\
Per la pasta
Mescolate la farina con le uova e un pizzico di sale fino a ottenere un impasto liscio.
Coprite la ciotola con un panno e lasciate riposare per mezz'ora in un luogo tiepido.
Per il ripieno
Tritate le erbe.
Scaldate l'olio in una padella larga e aggiungete la cipolla.
Unite la ricotta, il formaggio e la noce moscata.
Mescolate ancora.
Coprite la ciotola con un panno e lasciate riposare per mezz'ora in un luogo tiepido.""",
    "offers that share their points": """\
The small plan is made for a household of two, and can be ended at the end of each month without giving any reason to the company.
- One visit of the gardener in each month from March to October, rain or shine, with all tools that he needs.
- Advice by telephone on working days, and a written plan of the garden at the beginning of the season.
The large plan is made for a household of six, and can be ended at the end of each season without giving any reason to the company.
- One visit of the gardener in each month from March to October, rain or shine, with all tools that he needs.
- Advice by telephone on working days, and a written plan of the garden at the beginning of the season.
- A new tree in the autumn.""",
    "a table of contents and its headings": """\
What the storm did to the pier at Northhaven and to its boats
How the town paid for the new pier and for the road to it

The storm came on a Sunday evening, when most of the boats were already back in the harbour and only the ferry was still out at sea.

How the town paid for the new pier and for the road to it

The town sold the meadow behind the school, and the rest of the money came from a lottery that ran through the whole of the winter.""",
    "a text wrapped at eighty columns": """\
You may pass the work on to others under the terms of this licence, if you leave
the names of the authors where they stand and say what you have changed in it, and
if you do not ask others to pay for more than the cost of the copy and the cost of
the carriage, and if you do not say in public that the authors of the work support
you or the use that you make of it, or that they have read or seen or approved of
what you have made of it.

You may pass changed works on to others
under the terms of this licence, if you leave
the names of the authors where they stand and say what you have changed in it, and
if you do not ask others to pay for more than the cost of the copy and the cost of
the carriage, and if you do not say in public that the authors of the work support
you or the use that you make of it, or that they have read or seen or approved of
what you have changed.""",
    "a warning in two chapters": """\
Of all the ways to the summit, the one over the northern ridge is the longest and the easiest, and children have walked it.
Nobody should set out after noon, because the fog comes up from the sea in the evening.
There is a hut with eleven beds below the ridge, and its keeper has soup and bread for everyone who gets there before dark.
The hut is open from May to October.
In the winter its door is not locked.
Wood lies behind it.
The way over the southern wall is short and steep, and it asks for a rope and for someone who has gone there before you.
Nobody should set out after noon, because the fog comes up from the sea in the evening.""",
    "a step that comes again soon": """\
Lay the cold butter on the dough, fold the dough over it from all four sides, and close the edges so that no butter comes out.
Roll it out, fold it in three, and chill it for half an hour.
Turn it.
Roll it out, fold it in three, and chill it for half an hour.""",
    "a short sentence with which a long one begins": """\
The council of the town will plant lime trees along the whole canal.

The council of the town will plant lime trees along the whole canal, and poplars and willows along the river as far as the weir.""",
    "someone who breaks off": """\
— Я только хотел сказать…

— Я только хотел сказать, что паром сегодня не пойдёт.""",
    "a speaker's name before a speech": """\
Bürgermeisterin Wagner
Bürgermeisterin Wagner
Meine Damen und Herren, wir haben lange auf diesen Tag gewartet, und nun ist er da, und die Fähre liegt am neuen Anleger.""",
    "a row of a table that a paragraph begins with": """\
The ferry to the outer islands   sails again from Monday   eight months after the storm had broken its pier.

The ferry to the outer islands sails again from Monday eight months after the storm had broken its pier. It was full.""",
    "a paragraph that a row of a table begins with": """\
The ferry to the outer islands sails again from Monday eight months after the storm had broken its pier.

The ferry to the outer islands   sails again from Monday   eight months after the storm had broken its pier. It was full.""",
    "ingredients that begin alike": """\
Washed oat flour from our own mill, dried apples, sunflower seeds, honey of the heath, salt

Apple bar

Washed oat flour from our own mill, dried apples, sunflower seeds, honey of the heath, salt and cinnamon""",
    "a post that is quoted in the answer to it": """\
The bridge at the north gate shall be torn down in the autumn, the town writes, and by the spring there shall be a footbridge in its place.
How shall we get to the market, if the ferry does not sail in the winter and the way over the dam stays closed until the work is done?

heron_19 wrote:
The bridge at the north gate shall be torn down in the autumn, the town writes, and by the spring there shall be a footbridge in its place.

I shall believe it when I have seen the footbridge with my own eyes, for they wrote the very same thing of the dam eleven years ago.
We have a boat, and whoever has to go to the market on a Saturday in the winter may come with us as long as there is no ice on the river.""",
    "the terms of two offers": """\
Summer offer
The price holds for journeys between the first of June and the last of August, with at least three nights in the same house.
Children under twelve sleep in the room of their parents without paying, and breakfast is included for all of the guests.
The offer ends when all of the rooms are taken, and it cannot be joined to any other offer of the house or of the railway.
Winter offer
The price holds for journeys between the first of December and the last of February, with at least five nights in the same house.
Children under twelve sleep in the room of their parents without paying, and breakfast is included for all of the guests.
The keys of the sledges lie with the porter, who also knows which of the slopes are open and how deep the snow is on them.
The offer ends when all of the rooms are taken, and it cannot be joined to any other offer of the house or of the railway.""",
    "an answer that serves two questions": """\
阅览室早上九点开门，下午六点关门，星期四为了方便白天上班的读者一直开放到晚上十点，节假日另行通知，请读者留意门口的告示。
可以把书借回家吗？
一九零零年以前出版的书不能外借，其他的书凭图书馆的借书证可以借阅四个星期，借书证免费办理，遗失之后需要到服务台申请补办。
可以复印吗？
为了个人使用可以复印少量书页，复印机放在阅览室的门边，如果不会操作，值班的馆员很乐意提供帮助，复印费用按照页数计算。
地图可以借吗？
一九零零年以前出版的书不能外借，其他的书凭图书馆的借书证可以借阅四个星期，借书证免费办理，遗失之后需要到服务台申请补办。
谁创办了图书馆？
图书馆由一位寡妇创办，她把自己的房子和全部藏书都留给了这座城市，让家里没有书的人也能够在那里读书，这已经是一百年前的事了。""",
    "a note under two functions of a manual": """\
tide(harbour)
The function gives back the height of the water at a harbour, as far as the office has written it down for the day that is asked for.
The result is kept for an hour, so that one who asks twice within this time is given the same answer both times, even if the office has changed it.
It fails where the harbour has been closed for the whole of the day, and says since when, so that one may ask again on another day.
ships(harbour)
The function gives back the names of the ships that lie in a harbour, written in the letters of their flag, as they stand at the bow.
It fails where a ship has no name at all, or where the name has been painted over and not been written down by the office in time.
dues(ship)
The function gives back what a ship has to pay for a night, in crowns and without the price of the water that it takes on board.
The result is kept for an hour, so that one who asks twice within this time is given the same answer both times, even if the office has changed it.
It fails where the ship has left without paying, and then says how long ago that was and who was the keeper of the harbour at the time.""",
    "samples of code on the second way of a tutorial": """\
The first way to build the pump is with the old board, which most of the harbours have in a drawer, and it takes an afternoon to do.
Open the settings of the board and write down which of the gates the pump and the float are connected to, as they are in the sample:
{ "gate": 4, "float": [7, 9] }
{ "pump": { "on": "<7", "off": ">9" } }
{ "alarm": ["+11", "+13"] }
{ "log": "/var/log/pump", "keep": 30 }
Save the settings, and hold the button until the light has gone on and off three times, so that the board takes them over at once.
The board then reads the float every second, and it keeps what it has read for a month, so that you can see what came before a flood.
The second way is with the new board, which costs more but can be reached from the office over the radio, even when the power fails.
It is mounted on the wall above the highest water that has ever been seen in the cellar, with the antenna turned towards the office.
Connect it to the wire that you find behind the old board, and not to the one of the light, which is switched off during the night.
Open the settings of the board and write down which of the gates the pump and the float are connected to, as they are in the sample:
{ "gate": 4, "float": [7, 9] }
{ "pump": { "on": "<7", "off": ">9" } }
{ "alarm": ["+11", "+13"] }
{ "log": "/var/log/pump", "keep": 30 }
Save the settings, and hold the button until the light has gone on and off three times, so that the board takes them over at once.
The office sees the new pump within a minute, and it may switch it on and off from there whenever the water rises in the cellar.""",
    "articles of a law and their list": """\
Статья 1. О причале
Статья 2. О маяке
Статья 3. О бассейне
Статья 1. О причале
Причал принадлежит городу, и каждый может ходить по нему днём и ночью, пока у причала не грузят и не разгружают корабли.
Статья 2. О маяке
Маяк горит от захода солнца до восхода, и смотритель отвечает перед советом за каждый час темноты, в который огонь не горел.
Статья 3. О бассейне
Бассейн открыт для всех кораблей, которые ничего не должны городу, и начальник порта решает, где каждый из них будет стоять.""",
    "points that an author takes one by one": """\
Whoever wants to build a harbour has to think of three things before all others:
The pier
The light
The basin
The pier
The pier is built from the land outward on piles of steel, and it grows by some four metres in a week as long as the sea is calm.
The light
The light comes next, for the ships that bring the stones for the basin have to find their way at night and in the fog, as well.
The basin
The basin is dug last, behind a dam of earth, and on the day on which the dam is opened the whole town comes to see the water come in.""",
    "persons of a play": """\
PERSONEN
Anna, die Wirtin
Berta, ihre Schwester
Der Fährmann
ERSTER AKT
Anna, die Wirtin
Wer ist da?
Berta, ihre Schwester
Der Wind. Es ist immer nur der Wind.
Der Fährmann
Ich bin es.""",
    "a poem that unfolds its first verses": """\
The evening is long on the river
the herons have gone to the reeds
and no one is left on the water
The evening is long on the river
when the ferry lies still at its chain,
the herons have gone to the reeds
and the boys have gone home in the rain,
and no one is left on the water
but the moon, who is reading her beads.""",
    "a text that discusses two sentences of another": """\
A harbour is a place in which ships lie. It does not cease to be one when for some years no ship has come. What has been built remains. So the judges wrote in the spring.
The first sentence follows the old law, which knew harbours in eleven places and did not say in any of them what it takes to be one.
It does not cease to be one when for some years no ship has come.
The town had thought otherwise, and had sold the ground of the basin to a company that was going to fill it up and build houses on it.
What has been built remains. So the judges wrote in the spring.
Since that day the words have been cited in each of the cases in which a town wanted to be rid of a harbour that nobody used any longer.""",
    "a sentence to which a colon leads": """\
老领航员在岛上住了七十年，直到今天，他每天清晨仍然会在第一班船离开之前走到港口去，看一看海面上的风向和水流。
他说自己并不怀念那份工作。我怀念的是太阳升起之前的那一个小时，那时候谁都还没有开口说话。说完他沉默了一会儿。
多年以后，当我坐在城里的书桌前面，想要写下关于那座小岛和那位老人的一切时，耳边总是响起他那天早上说过的那句话：
我怀念的是太阳升起之前的那一个小时，那时候谁都还没有开口说话。
如今驾驶渡轮的是他的女儿，她从父亲那里学会了辨认沙洲的位置，也学会了判断春天和秋天里海水流动的方向和速度。""",
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_what_legitimately_comes_back_stays(text: str) -> None:
    """Refrains, names, cells, points, formulas, steps and code are no copies."""
    assert text == cleaned(text)


GOES = {
    "caption twice": (
        "repeats/line",
        "The ferry at the new pier of Northhaven, seen from the lighthouse in the evening of 3 May",
        """\
The ferry sails again from Monday, eight months after a storm broke the pier, and the islanders could not be happier.
The ferry at the new pier of Northhaven, seen from the lighthouse in the evening of 3 May
The ferry at the new pier of Northhaven, seen from the lighthouse in the evening of 3 May
Tickets cost eleven crowns.""",
    ),
    "deck above the article": (
        "repeats/line",
        "Восемь месяцев после шторма паром снова ходит на дальние острова.",
        """\
Паром на острова
Восемь месяцев после шторма паром снова ходит на дальние острова.
5 мая
Автор
Редакция
Фото
Восемь месяцев после шторма паром снова ходит на дальние острова.
Новый причал стоит на шестидесяти стальных сваях, и начальник порта надеется, что он прослужит не менее полувека, сообщили в порту.""",
    ),
    "shortened paragraph": (
        "repeats/shortened",
        "De veerboot vaart vanaf maandag weer naar de buitenste eilanden, acht maanden na de storm.",
        """\
De veerboot vaart vanaf maandag weer naar de buitenste eilanden, acht maanden na de storm die de pier van de noordelijke haven verwoestte.

De kaartjes blijven even duur.

De veerboot vaart vanaf maandag weer naar de buitenste eilanden, acht maanden na de storm.""",
    ),
    "sentences left out": (
        "repeats/shortened",
        "The new pier stands on sixty steel piles that were made in Easthaven. It was opened by the mayor on Monday.",
        """\
The new pier stands on sixty steel piles that were made in Easthaven. No one was hurt. It was opened by the mayor on Monday.

The new pier stands on sixty steel piles that were made in Easthaven. It was opened by the mayor on Monday.""",
    ),
    "shortened paragraph among short lines": (
        "repeats/shortened",
        "The ferry sails to the outer islands again from Monday, eight months after the storm broke its pier.",
        """\
The ferry sails to the outer islands again from Monday, eight months after the storm broke its pier. Tickets cost eleven crowns, as before.

Share
Print
By our reporter
The ferry sails to the outer islands again from Monday, eight months after the storm broke its pier.
Islands
Weather""",
    ),
    "sentences left out, no spaces between them": (
        "repeats/shortened",
        "新码头建在六十根钢桩之上，由东港的工厂制造，历时八个月才完工。市长星期一在全体居民面前宣布码头正式启用。",
        """\
新码头建在六十根钢桩之上，由东港的工厂制造，历时八个月才完工。没有人受伤！市长星期一在全体居民面前宣布码头正式启用。

新码头建在六十根钢桩之上，由东港的工厂制造，历时八个月才完工。市长星期一在全体居民面前宣布码头正式启用。""",
    ),
    "teaser without the date line": (
        "repeats/teaser",
        "Новый причал стоит на шестидесяти стальных сваях, и начальник порта надеется, что он прослужит не менее полувека.",
        """\
Новый причал стоит на шестидесяти стальных сваях, и начальник порта надеется, что он прослужит не менее полувека.

СЕВЕРНЫЙ ПОРТ, 5 мая — Новый причал стоит на шестидесяти стальных сваях, и начальник порта надеется, что он прослужит не менее полувека.""",
    ),
    "cut teaser with a call to read on": (
        "repeats/teaser",
        "開往外島的渡輪自星期一起恢復通航，距離暴風雨摧毀…… 閱讀更多",
        """\
開往外島的渡輪自星期一起恢復通航，距離暴風雨摧毀…… 閱讀更多

開往外島的渡輪自星期一起恢復通航，距離暴風雨摧毀北港碼頭已經過去了整整八個月，島上居民對此期待已久。""",
    ),
    "other marks": (
        "repeats/near",
        "Il traghetto riparte lunedì, dice il sindaco: otto mesi dopo la tempesta che ha distrutto il molo del porto a nord, e con lo stesso prezzo.",
        """\
Il traghetto riparte lunedì - dice il sindaco - otto mesi dopo la tempesta che ha distrutto il molo del porto a nord e con lo stesso prezzo.

Il traghetto riparte lunedì, dice il sindaco: otto mesi dopo la tempesta che ha distrutto il molo del porto a nord, e con lo stesso prezzo.""",
    ),
    "headline above the body": (
        "repeats/headline",
        "FERRY LINE TO THE ISLANDS OPENS AGAIN",
        """\
Ferry line to the islands opens again

By our reporter

FERRY LINE TO THE ISLANDS OPENS AGAIN

The ferry to the outer islands sails again from Monday, eight months after a storm broke the pier at Northhaven harbour.""",
    ),
    "headline behind the body": (
        "repeats/headline",
        "Ferry line to the outer islands opens again",
        """\
Ferry line to the outer islands opens again

The ferry to the outer islands sails again from Monday, eight months after a storm broke the pier at Northhaven harbour.

The tickets are not dearer.

Ferry line to the outer islands opens again

5 May""",
    ),
    "subheading twice in a row": (
        "repeats/headline",
        "Der neue Anleger",
        """\
Die Fähre zu den äußeren Inseln fährt ab Montag wieder, acht Monate nach dem Sturm, der den Anleger im Nordhafen zerstört hat.
Sie ist voll.
Es regnet.
Niemand klagt.
Viele singen.
Der neue Anleger
Der neue Anleger
Der neue Anleger steht auf sechzig Pfählen aus Stahl, und die Hafenmeisterin rechnet damit, dass er ein halbes Jahrhundert hält.""",
    ),
    "pull quote below its paragraph": (
        "repeats/pull-quote",
        "“What I miss is the hour before the sun comes up, when no one has spoken yet”",
        """\
The old pilot has lived on the island for seventy years, and he still walks to the harbour each morning before the first boat leaves.
He says that he does not miss the work. “What I miss is the hour before the sun comes up, when no one has spoken yet,” he says, and then he is silent.
“What I miss is the hour before the sun comes up, when no one has spoken yet”
His daughter steers the ferry now, and she has learned from him where the sand lies and how the current runs in the spring and autumn.""",
    ),
    "pull quote above its paragraph": (
        "repeats/pull-quote",
        "البحر لا يكون هو نفسه يومين متتاليين، ومن نسي ذلك لا يعود إلى بيته.",
        """\
يعيش المرشد العجوز في الجزيرة منذ سبعين عاما، وما زال يمشي كل صباح إلى الميناء قبل أن يغادر أول قارب حاملا البريد والمسافرين.
البحر لا يكون هو نفسه يومين متتاليين، ومن نسي ذلك لا يعود إلى بيته.
تقود ابنته العبارة اليوم، وقد تعلمت منه أين يقع الرمل وكيف يجري التيار في الربيع وفي الخريف بالقرب من المنارة القديمة عند الرأس.
يقول إن هذا لا يمكن تعليمه. البحر لا يكون هو نفسه يومين متتاليين، ومن نسي ذلك لا يعود إلى بيته. أما الباقي فيأتي وحده مع السنين.""",
    ),
    "note about the author above and behind the text": (
        "repeats/line",
        "Vera Lund has written about the sea for this paper since the year in which the old pier was built, and lives in the house of the last pilot of the island of Easthaven.",
        """\
The ferry sails again from Monday, eight months after a storm broke the pier, and the islanders could not be happier about it, they say.
By Vera Lund
Vera Lund has written about the sea for this paper since the year in which the old pier was built, and lives in the house of the last pilot of the island of Easthaven.
The new pier stands on sixty steel piles, and the harbour master expects it to last for half a century at the very least, she says.
A return ticket costs eleven crowns, as before the storm, and children under the age of twelve travel without paying anything at all.
The first boat leaves at seven in the morning on Monday, with the mayor and a band on board, and comes back when the band is tired.
The office of the harbour has moved into the old customs house, where it can see all of the ships that come in and go out by day.
Vera Lund has written about the sea for this paper since the year in which the old pier was built, and lives in the house of the last pilot of the island of Easthaven.""",
    ),
}


PROSE = [
    f"In the year {year} the harbour was opened to the ships of all nations, and the first of "
    f"them that came in on the {year - 1899}th of May was a bark from a far land in the south."
    for year in range(1900, 1930)
]
NOTICES = {
    72: "We use small files to remember what you have chosen on all of our pages.",
    84: "Мы храним небольшие файлы, чтобы помнить, что вы выбрали на всех страницах сайта.",
    133: "Read the full terms of this offer, with all that you need to know about its prices and "
    "dates, on the page of the harbour company now.",
    165: "港口公司在其网站上公布了本次优惠的全部条款，包括您需要了解的价格、日期和其他"
    "所有信息，请您在预订之前仔细阅读这些条款，如有疑问请随时联系我们的客服人员。",
}

TIMES = (
    "once a week from March until the end of October",
    "every second day in the three months of summer",
    "once in each of the four months of the winter",
    "whenever a storm has gone over the town at night",
)


@pytest.mark.parametrize("copies", [2, 3, 4, 200])
@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
def test_however_often_a_sentence_stands_in_a_row_it_stays_once(notice: str, copies: int) -> None:
    """A notice that comes two hundred times is no less a copy than one that comes twice."""
    text = "\n".join([*PROSE[:3], *[notice] * copies, *PROSE[3:6]])
    assert "\n".join([*PROSE[:3], notice, *PROSE[3:6]]) == cleaned(text)
    assert {"repeats/line"} == set(rules_of(text))


@pytest.mark.parametrize("copies", [2, 3, 4, 30])
def test_however_often_a_long_sentence_stands_under_the_items_it_stays_once(copies: int) -> None:
    """What the page has under each of its items goes, except under the first."""
    lines = [line for prose in PROSE[:copies] for line in (prose, NOTICES[133])]
    assert "\n".join([*lines[:2], *lines[2::2]]) == cleaned("\n".join(lines)).rstrip()


def test_what_comes_far_apart_must_come_often_or_be_long() -> None:
    """Three copies of a sentence of 133 letters are enough at any distance, two are not."""
    items = ["\n".join((NOTICES[133], *PROSE[at : at + 6])) for at in (6, 12, 18, 24)]
    head = "\n".join(PROSE[:2])
    assert [] == rules_of("\n".join([head, *items[:3]]))
    assert ["repeats/line"] * 3 == rules_of("\n".join([head, *items]))


@given(
    st.sampled_from(sorted(NOTICES)),
    st.lists(st.integers(1, 10), min_size=1, max_size=8),
    st.integers(1, 10),
    st.booleans(),
)
def test_one_more_copy_never_leaves_more_text(
    letters: int, places: list[int], more: int, in_row: bool
) -> None:
    """In a row, or anywhere below the head that has the first one, a further copy goes too."""

    def page(copies: list[int]) -> str:
        lines = [NOTICES[letters]]
        for at, prose in enumerate(PROSE[:10], 1):
            lines += [prose, *[NOTICES[letters]] * copies.count(at)]
        return "\n".join(lines)

    if in_row:
        places, more = [places[0]] * len(places), places[0]
    assert cleaned(page(places)).rstrip() == cleaned(page([*places, more])).rstrip()


def test_a_section_that_comes_many_times_needs_twice_the_letters() -> None:
    """Three offers may share their points; an article of eight paragraphs is always a copy."""
    points = "\n".join(f"The gardener comes {n} with his tools, in rain or shine." for n in TIMES)
    head = "What a gardener costs, and how often one comes to the gardens of this town.\n"
    offers = [f"The {size} plan\n\n{points}" for size in ("small", "middle", "large")]
    assert {"repeats/section"} == set(rules_of("\n".join([head, *offers[:2]])))
    assert [] == rules_of("\n".join([head, *offers]))

    article = "The gardener and the baker\n" + points + "\n" + points.replace("gardener", "baker")
    assert article == cleaned("\n".join([article] * 9)).rstrip()


def test_short_lines_go_with_a_section_that_has_a_notice_in_it() -> None:
    """A section is as rare as what is rarest in it, though one of its lines comes often."""
    article = ARTICLES["english"] + "\n" + NOTICES[72]
    text = "\n".join([article, article, *[NOTICES[72]] * 20])
    assert article == cleaned(text).rstrip()


@pytest.mark.parametrize(("rule", "line", "text"), GOES.values(), ids=GOES)
def test_a_copy_goes_with_its_line_ending(rule: str, line: str, text: str) -> None:
    """Exactly one line goes, by the rule that says what it is."""
    (edit,) = edits_of(text)
    assert (rule, line) == (edit.rule, text[edit.start : edit.end].rstrip("\n"))
    assert edit.start == 0 or text[edit.start - 1] == "\n"
    assert edit.end == len(text) or text[edit.end - 1] == "\n"


@pytest.mark.parametrize(("rule", "line", "text"), GOES.values(), ids=GOES)
def test_line_endings_make_no_difference(rule: str, line: str, text: str) -> None:
    """CR LF and CR end lines too, and go with their lines."""
    for ending in ("\r\n", "\r"):
        (edit,) = edits_of(text.replace("\n", ending))
        assert rule == edit.rule
        assert line in text


def test_the_evidence_names_the_line_that_is_repeated() -> None:
    """Line number and beginning of the first copy, short enough for a ledger."""
    article = ARTICLES["english"]
    headline, *_, last = edits_of(f"{article}\n\n{article}")
    assert headline.evidence == "repeats line 1: Ferry line to the islands opens again"
    assert last.evidence.startswith("repeats line 8: A return ticket costs eleven crowns, as")
    assert all(len(edit.evidence) <= EVIDENCE_LIMIT for edit in (headline, last))


def test_a_headline_may_stand_above_and_behind_the_body() -> None:
    """All further copies go, as long as none of them stands inside the body."""
    headline, body = "Ferry line opens to the islands", "from Monday on, said the harbour, " * 4
    text = f"{headline}\n{headline}\nThe ferry sails {body}\nThe band plays {body}\n{headline}\n{headline}\n5 May"
    assert ["repeats/headline"] * 3 == rules_of(text)
    assert 1 == cleaned(text).count(headline)


def test_a_line_that_comes_back_inside_the_body_is_a_label() -> None:
    """A label opens the page, and several paragraphs."""
    label = "From our own reporter"
    body = [f"{label}\nParagraph {n} of the ferry and the islands. " + "So. " * 30 for n in "abc"]
    assert [] == rules_of("\n".join([label, *body]))


def test_the_title_that_is_known_counts_as_a_headline_wherever_it_stands() -> None:
    """A page may have more above its headline than the first few lines."""
    text = (
        "Home\nNews\nIslands\nMay\n5 May\nFerry line opens again\nShare\nFerry line opens again\n"
    )
    text += "The ferry to the outer islands sails again from Monday. " * 3
    assert [] == edits_of(text)
    assert ["repeats/headline"] == [e.rule for e in edits_of(text, title="Ferry line opens again")]


def test_the_limits_are_options() -> None:
    """A lower limit for paragraphs and sections takes more, a higher one less."""
    article = ARTICLES["english"]
    twice = f"{article}\n\n{article}"
    assert set(rules_of(twice, Repeats(section=5_000))) <= {"repeats/line", "repeats/headline"}
    assert [] == rules_of(twice, Repeats(paragraph=5_000))
    assert ["repeats/line"] == rules_of(STAYS["a recipe"], Repeats(paragraph=30))


def test_a_teaser_of_what_is_itself_a_copy_does_not_lose_the_text() -> None:
    """Of a teaser and two full copies one full copy stays."""
    full = (
        "The council voted on Tuesday to plant four hundred lime trees along the canal, and to "
        "close the road beside it to lorries at night."
    )
    teaser = "The council voted on Tuesday to plant four hundred lime trees along the canal…"
    assert full == cleaned(f"{teaser}\n{full}\n{full}").rstrip()


def test_the_stage_is_what_the_pipeline_expects() -> None:
    """A frozen, picklable value with a name, as any stage."""
    stage = Repeats(paragraph=80)
    assert isinstance(stage, Stage)
    assert stage == pickle.loads(pickle.dumps(stage))  # noqa: S301  # pickled just here
    assert "repeats" == stage.name


@pytest.mark.parametrize("text", ["", "\n", "\n\n\n", "one", "...\n...\n...", "\r\r\n\n", "\u3000"])
def test_odd_documents_pass(text: str) -> None:
    """No text, no letters, one line: nothing to do, and no error."""
    assert [] == edits_of(text)


SENTENCES = (
    "Yes.",
    "A short line",
    "- A point of a list that is long enough to be a paragraph, if it were not a point.",
    "The ferry to the outer islands sails again from Monday, eight months after the storm.",
    "The ferry to the outer islands sails again from Monday, eight months after the storm. "
    "It broke the pier at Northhaven, and eleven boats with it.",
    "The ferry to the outer islands sails again from Monday, eight months…",
    "NORTHHAVEN — The ferry to the outer islands sails again from Monday, eight months after "
    "the storm.",
    "THE FERRY TO THE OUTER ISLANDS SAILS AGAIN FROM MONDAY EIGHT MONTHS AFTER THE STORM",
    "开往外岛的渡轮自星期一起恢复通航，距离暴风雨摧毁北港码头已经过去了整整八个月。",
    "开往外岛的渡轮自星期一起恢复通航，距离暴风雨摧毁……",
    "कल से नौका फिर चलेगी, आठ महीने पहले एक तूफ़ान ने बंदरगाह का पुराना घाट तोड़ दिया था।",
    "",
)


@given(st.lists(st.sampled_from(SENTENCES) | st.text(max_size=30), max_size=60))
def test_nothing_is_lost(lines: list[str]) -> None:
    """What goes stands, letter for letter, inside a line that stays."""
    text = "\n".join(lines)
    document = Document.from_text(text)
    found = list(Repeats(near=1.0).propose(document))
    gone = {edit.start for edit in found}
    whole = {line.start: line for line in document.lines}
    kept = [_letters(line.text) for line in document.lines if line.start not in gone]
    for edit in found:
        stem = likeness.stem_of("", whole[edit.start].text)[0] or whole[edit.start].text
        assert any(_letters(stem) in other for other in kept)


def _letters(line: str) -> str:
    return likeness.letters_of(likeness.key_of(likeness.fold(line)))


@given(st.lists(st.sampled_from(SENTENCES), max_size=60))
def test_edits_are_whole_lines_in_order(lines: list[str]) -> None:
    """Each edit removes one line with its ending, and no line twice."""
    text = "\n".join(lines)
    found = edits_of(text)
    spans = [(edit.start, edit.end) for edit in found]
    assert spans == sorted(set(spans))
    assert all("" == edit.replacement for edit in found)
    assert all(text[start:end].count("\n") <= 1 for start, end in spans)


def _calls(text: str) -> int:
    """How many Python and C functions a run over `text` calls."""
    document = Document.from_text(text)
    assert document.lines
    calls: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: object) -> None:
        calls[event] += 1

    sys.setprofile(count)
    try:
        list(Repeats().propose(document))
    finally:
        sys.setprofile(None)
    return calls["call"] + calls["c_call"]


_SPELLED = [f"{a}{b}" for a in "abcdefghijklmnopqrst" for b in "abcdefghijklmnopqrst"]

GROWTH: dict[str, Callable[[int], str]] = {
    "one short line": lambda n: "Yes.\n" * n,
    "short lines": lambda n: "\n".join(f"{i % 50} to {i % 50}" for i in range(n)),
    "a template": lambda n: "\n".join(
        f"The ferry of this day left the harbour with {i} people on board, and came back in time."
        for i in range(n)
    ),
    "a long refrain": lambda n: "\n".join(
        f"Verse {i // 2}" if i % 2 else "O keeper of the waters, hear our voice, and bring us home."
        for i in range(n)
    ),
    "two copies": lambda n: "\n".join(
        f"In the year {i % (n // 2)} the ferry left the harbour, and came back with the tide again."
        for i in range(n)
    ),
    "sections in another order": lambda n: "\n".join(
        f"{_SPELLED[number]} boats of the {part} pier came back at noon with all the cargo that "
        "they had been sent for, and left the harbour again before the tide had turned."
        for numbers in (range(n // 8), reversed(range(n // 8)))
        for number in numbers
        for part in ("northern", "southern", "eastern", "western")
    ),
    "teasers": lambda n: "\n".join(
        f"{i // 2} ferries left the harbour of the island" + ("…" if i % 2 else " in the morning.")
        for i in range(n)
    ),
}


@pytest.mark.parametrize("make", GROWTH.values(), ids=GROWTH)
def test_the_work_grows_with_the_text_and_no_faster(make: Callable[[int], str]) -> None:
    """Four times the lines cost at most about four times the calls."""
    assert _calls(make(2_000)) < 5 * _calls(make(500))


CONTENTS = {
    "alone": ("The pier", "The lighthouse", "What is dug last?"),
    "numbered by the page": ("1 Причал", "2 Маяк", "2.1 Бассейн и дамба"),
    "bullets": ("• 码头的建造", "• 灯塔的位置", "• 港池的开挖"),
    "dashes": ("- רציף הנמל", "- המגדלור", "- האגן והסכר"),
    "of two words and more": ("ท่าเรือ", "ประภาคาร", "แอ่งน้ำ", "เขื่อน"),
}


def with_headings(entries: tuple[str, ...]) -> list[str]:
    """A paragraph under each of the headings, which lack the marks of the entries."""
    found = []
    for entry, prose in zip(entries, PROSE, strict=False):
        found += [entry.lstrip("•- 0123456789."), prose]
    return found


@pytest.mark.parametrize("entries", CONTENTS.values(), ids=CONTENTS)
def test_a_list_of_contents_goes_and_the_headings_stay(entries: tuple[str, ...]) -> None:
    """The list says nothing that the headings do not say, in any script."""
    intro, body = PROSE[20], with_headings(entries)
    text = "\n".join(["How a harbour is built", intro, *entries, *body])
    assert "\n".join(["How a harbour is built", intro, *body]) == cleaned(text)
    assert ["repeats/contents"] * len(entries) == rules_of(text)


@pytest.mark.parametrize("label", ["On this page:", "目录：", "فهرس المقال:"])
def test_a_label_of_which_only_the_colon_would_be_left_goes_along(label: str) -> None:
    """Three words with a colon lead to the list; a sentence leads to what an author lists."""
    entries = CONTENTS["alone"]
    lines = [PROSE[20], label, *entries, *with_headings(entries)]
    assert "\n".join([PROSE[20], *with_headings(entries)]) == cleaned("\n".join(lines))


@pytest.mark.parametrize(
    "change",
    [
        lambda entries, body: ([*entries[:2]], body[:4]),
        lambda entries, body: ([entries[1], entries[0], entries[2]], body),
        lambda entries, body: (entries, [*body, entries[0]]),
        lambda entries, body: ([f"{entry}." for entry in entries], [f"{line}." for line in body]),
        lambda entries, body: (entries, [line[:60] for line in body]),
        lambda entries, body: ([*PROSE[10:18], *entries], body),
    ],
    ids=["two", "another order", "a heading twice", "sentences", "no paragraphs", "far down"],
)
def test_what_is_not_quite_a_list_of_contents_stays(
    change: Callable[[list[str], list[str]], tuple[list[str], list[str]]],
) -> None:
    """One thing that does not fit is enough."""
    entries, body = change([*CONTENTS["alone"]], with_headings(CONTENTS["alone"]))
    assert "repeats/contents" not in rules_of("\n".join([PROSE[20], *entries, *body]))


def test_an_entry_stays_where_its_heading_is_taken() -> None:
    """Of an article with a list of contents that stands twice, one list at most is taken."""
    entries = CONTENTS["alone"]
    article = "\n".join([PROSE[20], *entries, *with_headings(entries)])
    left = cleaned(f"{article}\n{article}").split("\n")
    assert all(entry in left for entry in entries)


def test_many_sentences_that_stand_alone_are_the_way_of_a_text() -> None:
    """Four pull quotes go; of five, none is taken for one."""
    said = [
        f"He said that {n} ships would never come back to the harbour of the island."
        for n in range(5)
    ]
    parts = [
        f"{PROSE[n]} {quote} No one spoke.\n{PROSE[n + 10]}\n{quote}"
        for n, quote in enumerate(said)
    ]
    assert ["repeats/pull-quote"] * 4 == rules_of("\n".join([*parts[:4], PROSE[25]]))
    assert [] == rules_of("\n".join([*parts, PROSE[25]]))


def test_a_section_inside_the_text_stays_where_much_else_stands_between() -> None:
    """What is to be done is the same in two chapters; printed next to each other it is a copy."""
    steps = [
        f"The gardener comes {n} with his tools, in rain or shine, as he has promised."
        for n in TIMES
    ]
    far = [PROSE[0], *steps, *PROSE[1:12], *steps, PROSE[12]]
    near = [PROSE[0], *steps, *PROSE[1:3], *steps, PROSE[12]]
    assert [] == rules_of("\n".join(far))
    assert ["repeats/section"] * 4 == rules_of("\n".join(near))


def test_a_headline_is_doubled_above_a_body_of_short_paragraphs() -> None:
    """A sentence of sixty letters opens a body as well as a long paragraph does."""
    headline = "Harbour bridge reopens after three years\n"
    body = "The bridge was opened to traffic on Monday, three years after it was closed.\n"
    edits = list(Repeats().propose(Document.from_text(f"{headline}\n{headline}\n{body}")))
    assert [(len(headline) + 1, "repeats/headline")] == [(e.start, e.rule) for e in edits]
