"""Finnish wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

_IT = r"(?:se|tämä|tuo|vastaus|vastauksesi)"

LEXICON = Lexicon(
    language="fi",
    openers=(
        "mutta silti vielä yhä ei en eivät koskaan mitään se tämä tuo minun mun me minä miten mikä mitä miksi missä milloin "
        "kuka voiko voinko on ovat myös ja tai jos niin väärin"
    ),
    polite="kiitos|nyt|heti|pliis",
    denies=(
        (
            rf"(?:{_IT} )?(?:ei|eivät)(?: (?:vieläkään|edelleenkään|valitettavasti))? (?:auttanut|auta|toiminut|toimi|pidä paikkaansa|"
            r"ollut (?:apua|oikein)|ole (?:oikein|totta|apua)|onnistunut|onnistu|vastannut kysymykseeni)"
        ),
        rf"(?:{_IT} (?:on|oli) )?(?:väärin|väärä(?: vastaus)?|virheellinen)",
        r"(?:se )?(?:ei ollut|ei ole) (?:se,? )?(?:mitä (?:kysyin|tarkoitin|tarvitsen)|sitä mitä kysyin)|en kysynyt (?:tuota|sitä)",
        r"(?:olen )?(?:jo )?(?:kokeilin|kokeillut|yritin|yrittänyt|tein|tehnyt) (?:jo )?(?:tuota|sitä|tätä|sen|tuon)(?: jo)?",
    ),
    denies_before="ei|mutta|valitettavasti|anteeksi",
    denies_after="ollenkaan|lainkaan|kyllä|minulle|minua|valitettavasti",
    upset=(
        r"(?:tama|se|te|olette) (?:on|olette|ootte) (?:\w+ ){0,2}(?:naurettavaa|huijausta|kasittamatonta|surkeaa|hapeallista|paskaa)|kukaan ei (?:vastaa|auta)|olen (?:\w+ ){0,2}(?:vihainen|raivoissani|kyllastynyt|pettynyt ja)|en osta (?:teilta )?enaa|perkele|vittu\w*|saatana|haista",
        (
            r"(?:tämä|se|tuo|te|sinä|sä) (?:on|olette|olet|oot) (?:\w+ ){0,2}"
            r"(?:naurettavaa|järjetöntä|törkeää|vitsi|hyödytön|hyödyttömiä|surkeaa|häpeällistä|paskaa|sietämätöntä)"
        ),
        r"(?:toinen|kolmas|neljäs|viides|kymmenes|toisen|kolmannen) kerran?(?:,? kun)? (?:kysyn|kirjoitan|sanon)",
        r"kuinka monta kertaa (?:minun )?(?:pitää|täytyy) (?:kysyä|sanoa|kirjoittaa|toistaa|selittää)",
        r"viimeisen kerran|olen (?:\w+ ){0,2}(?:vihainen|raivoissani|kyllästynyt|turhautunut)|täysin kyllästynyt",
        r"idiootit|(?:tyhmä|hyödytön|surkea|paska) (?:botti|robotti|tuki|palvelu|asiakaspalvelu)|ajanhukkaa",
        r"helvetti|helvetin|perkele\w*|vittu|vittua|vitun|saatana|saatanan|paskaa|paska(?:palvelu|botti|firma)",
    ),
    none=(
        r"(?:ei|en)(?: (?:mikään|mitään|mitäkään|kumpikaan|yksikään))(?: (?:näistä|noista|niistä))?",
        r"(?:ei,? )?(?:mikään|mitään|kumpikaan)(?: (?:näistä|noista|niistä))?(?: (?:ei )?(?:sovi|käy))?|(?:ei,? )?jotain muuta",
    ),
    places={
        "ylin": 1,
        "keskimmäinen": 2,
        "ensimmäinen": 1,
        "ensimmäisen": 1,
        "ensimmäistä": 1,
        "yksi": 1,
        "ykkönen": 1,
        "toinen": 2,
        "toisen": 2,
        "toista": 2,
        "kaksi": 2,
        "kakkonen": 2,
        "kolmas": 3,
        "kolmannen": 3,
        "kolmatta": 3,
        "kolme": 3,
        "kolmonen": 3,
        "neljäs": 4,
        "neljännen": 4,
        "neljä": 4,
        "nelonen": 4,
    },
    last="viimeinen|alin|alimmainen",
    place_before=r"(?:tarkoitan |tarkoitin |haluan )?(?:se |sitä |numero |vaihtoehto )?",
    place_after="vaihtoehto|vaihtoehtoa|kiitos",
    place_said="joo|kyllä|juu|ok|ei|kiitos|luulen|ehkä|se on|se|tuo|tämä|siis|haluan|valitsen|otan|tarkoitan|vaihtoehto",
    forget=(
        r"(?:voitko |voitteko )?(?:poista|poistakaa|poistaa) kaikki(?: tiedot)? minusta(?:,? kiitos)?",
        (
            r"(?:voitko |voitteko )?(?:unohda minut|unohtakaa minut|(?:poista|poistakaa|poistaa|tuhoa|tuhotkaa) (?:kaikki )?"
            r"(?:minun )?(?:tietoni|viestini|henkilötietoni|tiedot minusta|mun tiedot))(?:,? kiitos)?"
        ),
        (
            r"haluan(?:,? että (?:poistatte|poistat))? (?:kaikki )?(?:tietoni|henkilötietoni)(?: poistettavaksi| poistettaviksi)?|"
            r"haluan tulla unohdetuksi"
        ),
    ),
    stepwise=(
        (
            r"(?:voitko |voitteko )?(?:(?:näytä|selitä|kerro|kertoa|näyttää|selittää) (?:se |tämä )?)?"
            r"(?:vaihe kerrallaan|askel kerrallaan|yksi kerrallaan|vaihe vaiheelta|askel askeleelta)(?:,? kiitos)?"
        ),
    ),
    names={
        "en": "englanniksi|englanti|englantia",
        "sv": "ruotsiksi|ruotsi|ruotsia",
        "de": "saksaksi|saksa|saksaa",
        "es": "espanjaksi|espanja|espanjaa",
        "fr": "ranskaksi|ranska|ranskaa",
        "da": "tanskaksi|tanska|tanskaa",
        "nb": "norjaksi|norja|norjaa",
        "it": "italiaksi|italia|italiaa",
        "pt": "portugaliksi|portugali|portugalia",
        "nl": "hollanniksi|hollanti|hollantia|flaamiksi",
        "fi": "suomeksi|suomi|suomea",
        "pl": "puolaksi|puola|puolaa",
    },
    names_before=(
        r"puhu(?:tteko|tko)|"
        r"(?:minä )?puhun|(?:kirjoita|kirjoittakaa|vastaa|vastatkaa|puhu|puhukaa|jatketaan)|"
        r"(?:voitko|voitteko|voimmeko) (?:kirjoittaa|vastata|puhua|jatkaa)|mieluummin"
    ),
    names_after="kiitos|mieluummin|vain",
    function=words(
        """ja tai mutta myös niin kuin että on ovat oli olla olen olet ole voi voin voiko voinko voivat voisi pitää täytyy saa
        haluan minä mä minun mun minua me meidän sinä sä sinun te teidän teidät hän he se sen sitä siinä siihen siitä tämä
        tämän tätä tässä tuo tuon ne nämä täällä siellä jo vain nyt sitten kun jos hei kiitos ihan entä entäs"""
    ),
    asking=words(
        "mikä mitä minkä mitkä kuka ketä kenen milloin koska missä mihin mistä miksi miten kuinka montako paljonko"
    ),
    negations=words("ei en eivät et emme ilman koskaan älä pois"),
    anaphora=words("se sen sitä siihen siitä tämä tämän tätä tuo tuon ne niitä nämä"),
    opens="ja|mutta|tai|entä|entäs|mitä jos|entä jos",
    asks=(
        r"miten|mikä|mitä|missä|mistä|mihin|milloin|miksi|kuka|kuinka|paljonko|voiko|voinko|saako|saanko|onko|pitääkö",
    ),
    asks_on=r"\w+(?:ko|ko)\b",
    asks_to=r"(?:haluan|haluaisin)",
    joins="ja|sekä",
    unwanted=(
        r"\ben (?:halua|aio|tahdo|toivo|pyytanyt|ole pyytanyt|halunnut|aikonut)\b|\bmieluummin en\b|\bmissaan nimessa\b|\b(?:ala|alkaa) (?:\w+ )?\w+",
    ),
)
