"""Words by which speakers are told: pronouns, nouns of bodies, nouns that stand for one another."""

from __future__ import annotations

MASCULINE = frozenset(("he", "him", "his", "himself"))
FEMININE = frozenset(("she", "her", "hers", "herself"))
NEUTER = frozenset(("it", "its", "itself"))
PLURAL = frozenset(("they", "them", "their", "theirs", "themselves", "both"))
# Words that go back to people told of before, as "they" does.
SOME_OF_THEM = frozenset(("some", "many", "several", "most", "all"))
FIRST_SECOND = frozenset("i me my we us our you your myself ourselves someone somebody nobody anyone".split())
# Who speaks of themselves inside a quotation is whoever it quotes.
FIRST_PERSON = frozenset(("i", "me", "my", "myself"))
# Words for a part of some people, themselves no plurals of a noun.
PARTS = frozenset(
    "half third thirds quarter quarters majority most some many few several dozens hundreds those".split()
)
RELATIVE = frozenset(("who", "which", "that", "whom"))
ARTICLES = frozenset(("the", "a", "an"))
DEFINITE = frozenset(("the", "this", "that", "these", "those"))
PREPOSITIONS = frozenset(
    "of for in at to on from with by about against during under near after before including between among as".split()
)
POSSESSIVES = frozenset(("'s", "’s", "'", "’"))
# Nouns of bodies: "the group" goes to the last body, "the ministry" to the last one with that word.
ANY_BODY = frozenset(
    """group organization organisation body institution agency association movement union alliance bloc charity
    watchdog nonprofit company firm corporation carrier airline manufacturer automaker bank network outlet
    broadcaster newspaper paper daily magazine publication site website party militia faction ngo lender maker
    regulator giant retailer""".split()
)
BODY_ADJECTIVES = frozenset(
    "news human rights television radio tv aid official state-run independent respected".split()
)
BODY_NOUNS = ANY_BODY | frozenset(
    """ministry court government army military police administration council committee commission department office
    panel center centre institute institution foundation parliament senate congress embassy bureau service
    authority tribunal navy force report study statement survey poll document lawsuit indictment team board
    operator manufacturer maker carrier utility insurer lender retailer
    league federation university hospital school church post times herald journal guardian""".split()
)
# What makes a body of guards: "the coast guard" is nobody's description.
BODIES_OF_GUARDS = frozenset("coast national border revolutionary republican presidential home civil".split())
PRINT = frozenset(("newspaper", "paper", "daily", "magazine", "publication"))
PRINT_HEADS = frozenset(
    "post times journal herald tribune guardian telegraph mail star sun globe daily news gazette".split()
)
# People in the plural that are no plural of a noun of role.
GROUPS = frozenset(
    """police authorities officials troops medics protesters protestors demonstrators rebels militants insurgents
    doctors rescuers workers residents villagers families relatives prosecutors investigators scientists
    researchers experts analysts critics supporters witnesses survivors lawyers lawmakers reporters leaders
    forces people fans voters parents students pupils teachers nurses soldiers farmers workers activists migrants
    refugees passengers players campaigners shoppers drivers tenants""".split()
)
# What else a head noun may stand for: "the leader" for a president. Each noun also stands for itself.
STANDS_FOR: dict[str, frozenset[str]] = {
    "leader": frozenset(
        "leader president premier chancellor king sultan emir minister chairman ruler chief head".split()
    ),
    "premier": frozenset(("premier", "minister")),
    "official": frozenset(("official",)),
    "lawmaker": frozenset(
        "lawmaker senator congressman congresswoman representative legislator parliamentarian mp".split()
    ),
    "legislator": frozenset(
        "lawmaker senator congressman congresswoman representative legislator parliamentarian mp".split()
    ),
    "diplomat": frozenset("diplomat ambassador envoy secretary minister".split()),
    "envoy": frozenset("envoy ambassador representative".split()),
    "pontiff": frozenset(("pope", "pontiff")),
    "officer": frozenset("officer lieutenant captain major colonel general sergeant commander".split()),
    "commander": frozenset("commander general colonel major captain admiral".split()),
    "spokesperson": frozenset("spokesman spokeswoman spokesperson".split()),
    "politician": frozenset("politician lawmaker senator candidate minister leader".split()),
    "lawyer": frozenset("lawyer attorney barrister".split()),
    "attorney": frozenset("lawyer attorney".split()),
    "chief": frozenset(("chief", "head", "director")),
    "head": frozenset(("head", "chief", "director", "leader")),
    "secretary-general": frozenset(("secretary-general", "general")),
    "executive": frozenset("executive ceo chief".split()),
}
# Roles that say little, so that a minister, a general or anybody else may be called by them.
GENERIC_ROLES = frozenset(
    """official leader head chief commander envoy candidate diplomat lawmaker legislator politician executive director
    investigator negotiator figure member representative cleric activist winner laureate veteran""".split()
)
# Who speaks for or about others is hardly the person told of before.
SPEAKS_FOR_OTHERS = frozenset(
    """spokesman spokeswoman spokesperson official source witness reporter journalist correspondent interviewer lawyer
    attorney prosecutor judge aide adviser advisor doctor officer investigator neighbor neighbour analyst expert coroner
    observer insider relative""".split()
)
OFFICE_WORDS = frozenset(("prime", "foreign", "interior", "defense", "defence", "finance", "vice", "deputy"))
