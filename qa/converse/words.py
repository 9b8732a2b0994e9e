"""The words that the rules of a conversation go by: closed classes of English, and short lists of what is common.

Takes and gives nothing. The lists of names and nouns are far from complete and need not be: what is on none of them
is of unknown kind, and goes with any pronoun, less well.
"""

from __future__ import annotations

WH = frozenset("who whom whose what when where why which how".split())
BE = frozenset("is are was were am be been being isn't aren't wasn't weren't".split())
AUXILIARIES = BE | frozenset(
    "do does did has have had can could will would shall should may might must didn't doesn't don't hasn't haven't "
    "hadn't can't couldn't won't wouldn't shouldn't".split()
)
PREPOSITIONS = frozenset(
    "in on at to from of for with by about into over under between among after before during since until "
    "near against through behind beyond off out up down around across towards toward without within upon "
    "like as than besides despite per via inside outside above below".split()
)
PLACING = frozenset(
    "in at on to from near into inside outside around across through off towards toward".split()
)
DETERMINERS = frozenset(
    "the a an any some no every each all both either neither this that these those another other such many "
    "much more most few several less least enough what which".split()
)
CONNECTIVES = frozenset("and or but so because if while though although whether nor yet then also".split())
MALE = frozenset("he him his himself".split())
FEMALE = frozenset("she her hers herself".split())
PLURAL = frozenset("they them their theirs themselves".split())
THING = frozenset("it its itself".split())
PRONOUNS = MALE | FEMALE | PLURAL | THING
OWNING = frozenset("his her their its".split())
ADVERBS = frozenset(
    "not never ever alone just only still already even again now today yesterday tomorrow there here else "
    "too very really exactly first last ago later soon once always often finally back away together ahead "
    "abroad next".split()
)
SPEAKERS = frozenset(
    "i me my mine you your yours we us our ours myself yourself one ones someone anyone".split()
)
FUNCTION = (
    WH | AUXILIARIES | PREPOSITIONS | DETERMINERS | CONNECTIVES | PRONOUNS | ADVERBS | SPEAKERS
    | frozenset("please there's what's who's where's when's it's he's she's they're that's let's yes anything".split())
    | frozenset("something nothing everything anybody somebody nobody everybody n't 's".split())
)  # fmt: skip

VERBS = frozenset(
    "accept agree aim allow announce appear approve argue arrest arrive ask attack attend ban become begin "
    "believe blame block break bring build buy call cancel cause change choose claim close collapse come "
    "cost criticise cross cut deal decide declare defeat deliver demand deny depart destroy die discover "
    "discuss draw drop earn elect end enter erupt escape explain explode face fail form fall feel fight find "
    "fire fly follow found get give go grow happen have hear hit hold hope include increase injure invade "
    "involve join keep kill know land launch lead learn leave let like live look lose love make manage marry "
    "matter mean meet move need negotiate open order own pass pay plan play promise protest publish pull put "
    "raise reach react read receive recover refuse reject release remain report resign return reveal rise "
    "rule run say see seek seize sell send set share shoot show sign sing sink speak spend stand start stay "
    "stop strike succeed suffer suggest support take talk tell think threaten tour trade travel try turn "
    "understand use visit vote wait walk want warn wear win withdraw work write happened made said took went "
    "came met won lost got gave left told held began became found kept led sent built born died sang wrote "
    "ran rose fell grew knew saw spoke stood drove flew fought drew threw broke chosen taken given seen "
    "written driven spoken broken stolen hidden fallen beaten forgotten shown grown drawn chose paid sold "
    "meant heard read brought bought thought caught taught spent".split()
)

PEOPLE = frozenset(  # nouns that name one person
    "president leader minister chancellor king queen prince princess pope emperor chairman chairwoman chief "
    "head boss director manager coach captain player singer actor actress author writer poet artist painter "
    "scientist researcher professor doctor judge lawyer senator governor mayor ambassador spokesman "
    "spokeswoman general officer soldier pilot astronaut founder owner winner candidate suspect victim man "
    "woman boy girl child son daughter father mother brother sister wife husband widow partner friend rival "
    "successor predecessor secretary activist journalist dictator champion engineer diplomat negotiator "
    "commissioner dealer driver guitarist drummer composer teacher student father-in-law".split()
)
WOMEN = frozenset(
    "queen princess actress chairwoman spokeswoman woman girl daughter mother sister wife widow".split()
)
MEN = frozenset("king prince pope chairman spokesman man boy son father brother husband emperor".split())
GROUPS = frozenset(  # nouns that "they" goes with although they are singular
    "company government team band police party group army military crew committee council parliament union "
    "ministry court bank club family board agency commission office firm airline police opposition "
    "administration congress senate cabinet public crowd jury staff people media press duo couple pair "
    "majority side".split()
)
PLACES = frozenset(  # nouns that name a place
    "city town village country state island port harbour harbor capital region province district river lake "
    "sea mountain valley cave campus university school airport station hotel stadium museum cathedral church "
    "square street bridge canal border building palace hall theatre theater hospital prison factory plant "
    "site venue base camp coast continent nation republic kingdom place home house room beach park forest "
    "desert field".split()
)
EVENTS = frozenset(
    "summit meeting talks war battle attack explosion blast fire flood storm hurricane earthquake crash "
    "accident disaster crisis election vote referendum match game final tournament race march protest "
    "protests strike festival ceremony trial visit tour trip mission launch landing rescue conference "
    "session opening conflict invasion revolution coup debate heatwave wave eruption outbreak pandemic "
    "funeral wedding concert show games cup incident shooting bombing siege raid march rally deal agreement "
    "treaty pact accord ceasefire truce".split()
)
ORGANISATIONS = frozenset(
    "ministry company inc corp corporation ltd party bank council union commission agency court club fc "
    "group committee parliament congress senate association federation organisation organization institute "
    "university airlines airways motors records times post news army police nations house office department "
    "service services foundation league team band orchestra brothers sisters".split()
)
PLACE_NAMES = frozenset(
    "africa america asia europe australia antarctica russia china japan korea india pakistan bangladesh iran "
    "iraq israel gaza palestine lebanon syria turkey egypt libya sudan ethiopia eritrea kenya nigeria ghana "
    "congo rwanda somalia yemen qatar ukraine poland germany france spain portugal italy greece britain "
    "england scotland wales ireland norway sweden finland denmark iceland estonia latvia lithuania belarus "
    "hungary austria switzerland belgium netherlands serbia croatia romania bulgaria moldova georgia armenia "
    "azerbaijan kazakhstan afghanistan thailand vietnam cambodia laos myanmar malaysia singapore indonesia "
    "philippines taiwan mongolia nepal canada mexico cuba haiti venezuela colombia brazil argentina chile "
    "peru bolivia ecuador uruguay paraguay moscow london paris berlin rome madrid lisbon vienna brussels "
    "geneva tokyo beijing shanghai seoul pyongyang hanoi delhi mumbai dubai doha cairo beirut damascus "
    "baghdad tehran jerusalem istanbul ankara kyiv kiev odesa warsaw prague budapest athens stockholm oslo "
    "helsinki copenhagen dublin glasgow edinburgh manchester york washington chicago boston texas california "
    "florida hollywood sydney melbourne vladivostok nairobi lagos johannesburg kabul bangkok".split()
)
GENERIC = frozenset(  # what another thing is understood with: "the cause" is of something
    "people person persons men women children victims victim dead casualties survivors deaths death injuries "
    "injured wounded damage cause causes reason reasons result results outcome effect effects impact "
    "consequences response reaction reactions aftermath aim goal purpose cost costs price size length "
    "duration date time day year place location name names number total winner winners loser score details "
    "conditions terms members participants leader leaders author owner population capital background history "
    "plan plans problem problems significance importance role part side sides beginning start end ending "
    "opponents critics criticism supporters public money happen happened happens die died dies killed kill "
    "hurt win won wins lose lost change changed begin began end ended finish finished take took taken say "
    "said says respond responded react reacted responsible involved affected injured arrested blamed blame "
    "present attend attended successful success prime foreign pictures picture images image photos photo "
    "important interesting famous popular survive survived stop stopped cause caused agree agreed decide "
    "decided know known expect expected come came next long far big old much many often else new lives "
    "homeless missing displaced evacuated rescued destroyed decision verdict announcement rescuers officials "
    "agreement agreements mean means matter work worked going go went do done did".split()
)

_MALE_NAMES = (
    "adam ahmed alan albert alex alexander alexei ali andrew andrey antonio anthony arthur barack ben "
    "benjamin bernard bill bob boris brian bruce carl carlos charles chris christian christopher dan daniel "
    "david dennis dmitry donald edward emmanuel eric ernest francis frank fred friedrich gary gavin george "
    "gerald giorgio gordon greg hans harold harry hassan henry hugo ian igor ivan jack jacob jake james "
    "jamie jason jean jeff jeremy jerry jim jimmy joe johan john johnny jonathan jose joseph juan justin "
    "karl keir keith ken kevin kurt larry lars lee leo leonardo lewis lionel louis luis luke marco mario "
    "mark martin matthew max michael michel miguel mike mohamed mohammed muhammad narendra neil nicholas "
    "nick nicolas olaf oliver oscar pablo patrick paul pedro peter philip pierre rafael ralph ray recep "
    "richard rishi rob robert roger ronald roy russell ryan sam samuel scott sean sergei simon stanley "
    "stefan stephen steve steven ted thomas tim tom tony victor viktor vincent vladimir volodymyr walter "
    "warren wayne william winston xavier yuri abiy allen andy bashar benny billy bobby bong colin demis elon "
    "emil gerard hugh isaac jordan josef julian karim kylian marcus mick nelson norman ozzie phil rex robin "
    "rocky rogers rudolf saad sebastian sergey sid silvio terry tiger timothy todd vicente wladimir xi kim"
)
_FEMALE_NAMES = (
    "alexandra alice amanda amy angela ann anna anne annie barbara beth betty billie britney carol caroline "
    "catherine charlotte christina christine claire claudia diana dorothy elena elizabeth ella emily emma "
    "eva frances giorgia grace greta hannah helen hillary ingrid irene isabel jacinda jane janet jennifer "
    "jessica jill joan julia julie kamala karen kate katherine kathleen katie laura lea linda lisa louise "
    "lucy malala margaret maria marie marine martina mary megan melissa michelle monica nancy natalie nicola "
    "nicole nina olga olivia pamela patricia penny rachel rebecca rita rosa rosalind rose ruth sandra sanna "
    "sara sarah serena sharon simone sofia sonia sophia sophie susan svetlana sylvia taylor teresa theresa "
    "ursula valerie vanessa vera victoria virginia yoko yulia"
)
FIRST_NAMES = {**dict.fromkeys(_MALE_NAMES.split(), "he"), **dict.fromkeys(_FEMALE_NAMES.split(), "she")}
FIRST_NAMES.pop("kim")  # mostly a family name in the news
TITLES = {
    **dict.fromkeys("mr sir lord king prince pope father".split(), "he"),
    **dict.fromkeys("mrs ms miss lady queen princess sister dame".split(), "she"),
    **dict.fromkeys(
        "president minister chancellor senator general professor dr chairman judge governor".split(), "he?"
    ),
}
MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
FOREIGN = frozenset(
    "der die das und ist nicht wer wann wie wo warum ein eine er sie es le la les est un une qui quand où pourquoi il "
    "elle el los las que cuando donde quien por es una che chi dove quando il lo di het een wat waar wie och är vad "
    "när var hvad hvor o os quem onde".split()
) - frozenset("die o".split())  # fmt: skip

AMBIGUOUS = frozenset(
    "visit strike protest protests march raid crash storm fire blast show shooting opening race".split()
)
"""Nouns that are as often verbs."""

NOUNS = PEOPLE | GROUPS | PLACES | EVENTS | ORGANISATIONS
BEFORE_NAMES = frozenset(
    "did does has was is will with by between against and to from in near about than".split()
)
"""Words after which a name stands without an article."""

TRANSITIVE = frozenset(
    "won win wins lost lose attended attend joined join left leave signed sign caused cause organised "
    "organized hosted started ended survived survive owned own owns built wrote directed led leads lead "
    "founded planned opposed attacked destroyed damaged hit killed paid funded followed".split()
)
"""Verbs that the topic follows without a preposition: "who won the World Cup"."""

MOVING = frozenset(
    "go went gone travel travelled traveled come came arrive return returned move moved fly flew get got".split()
)
RELATED = frozenset(  # nouns that are somebody's or something's
    "members member original album albums tour tours song songs single singles hit hits awards award prizes "
    "film movie movies films language career legacy style critics critic reviews review charts chart release "
    "released record records producer production cast director family parents father mother children child "
    "wife husband brother sister childhood school college education job hobbies religion nationality age "
    "height salary motive suspect suspects sentence charge charges fine trial verdict margin turnout votes "
    "vote score final goal goals route distance speed weight budget crew passengers captain owner operator "
    "builder designer architect toll witnesses rescue investigation inquiry evidence proof warning warnings "
    "danger risk risks benefits advantages aid help support demands demand offer offers proposal text "
    "contents content message statement speech topic topics theme subject issue issues interest interests "
    "band book books story stories show shows episode episodes game games match matches season team teams "
    "stats statistics record position title titles nickname happening going taking getting doing involving "
    "led success failure popularity controversy controversies scandal scandals problem trouble opinion "
    "opinions view views attitude personality influence influences inspiration inspired well received sold "
    "sell selling sales long-term tell find figure facts fact aspects aspect".split()
)

_OF_GROUPS = (
    "company firm airline band team party ministry bank group club agency newspaper organisation organization "
    "university"
)
NAMED_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        "city town village country state capital nation region island province".split(), ("place",)
    ),
    **dict.fromkeys(_OF_GROUPS.split(), ("group", "name")),
    **dict.fromkeys(
        "film movie album song book show musical ship plane spacecraft probe vessel".split(), ("thing",)
    ),
}
"""Nouns -> the kinds of things that "the city", "the company" may stand for when these have been named."""

COMMON = FUNCTION | VERBS | GENERIC | NOUNS | RELATED
"""Words that are no names, for all that the lists tell."""
