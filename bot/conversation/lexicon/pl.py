"""Polish wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

_IT = r"(?:to|odpowiedź|ta odpowiedź|twoja odpowiedź)"

LEXICON = Lexicon(
    language="pl",
    openers=(
        "ale jednak nadal wciąż jeszcze nie nigdy nic to ten ta mój moja moje ja my jak co dlaczego gdzie kiedy kto który "
        "czy jest są też i lub albo więc jeśli źle"
    ),
    polite="proszę|teraz|poproszę|dziękuję|dzięki",
    denies=(
        (
            rf"(?:{_IT} )?(?:(?:nadal|wciąż|dalej|niestety) )*nie (?:(?:mi|nic) )?(?:pomogło|pomogła|pomaga|zadziałało|działa|działało|"
            r"jest (?:prawda|to)|odpowiada na (?:moje )?pytanie|udało się|rozwiązało (?:problemu|sprawy))"
        ),
        rf"(?:{_IT} )?(?:jest |było )?(?:źle|błędne|nieprawda|zła odpowiedź|błędna odpowiedź|nieprawdziwe)",
        r"(?:to )?nie (?:o to|to|o tym) (?:pytałem|pytałam|mi chodzi|mi chodziło|miałem na myśli|miałam na myśli)|nie o to chodzi",
        r"(?:już )?(?:to )?(?:próbowałem|próbowałam|zrobiłem|zrobiłam)(?: już)?(?: tego| to)?|już to (?:robiłem|robiłam)",
    ),
    denies_before="nie|ale|niestety|sorry|przepraszam",
    denies_after="wcale|w ogóle|niestety|też|mi",
    upset=(
        r"(?:to|jestescie) (?:jest |sa )?(?:\w+ ){0,2}(?:skandal|oszustwo|niedopuszczalne|zenada|kpina|beznadziejn\w*|smieszne|bezuzyteczn\w*)|nikt nie (?:odpowiada|odpisuje|pomaga)|jestem (?:\w+ ){0,2}(?:wsciekl[ya]|zl[ya]|zirytowan[ya]|oburzon[ya])|nigdy wiecej (?:u was|nie kupie)|mam dosc|cholera|kurwa|zlodzieje",
        (
            r"(?:to|jesteście|jesteś|to jest) (?:\w+ ){0,2}"
            r"(?:śmieszne|żałosne|niedopuszczalne|skandal|żart|kpina|kpiny|absurd|beznadziejn\w+|nie do przyjęcia|bezużyteczn\w+)"
        ),
        r"(?:drugi|trzeci|czwarty|piąty|dziesiąty|setny|kolejny|enty) raz (?:pytam|piszę|mówię|proszę)",
        r"ile razy (?:mam|muszę|trzeba) (?:to |jeszcze )*(?:pytać|mówić|pisać|powtarzać|tłumaczyć)",
        r"po raz ostatni|jestem (?:\w+ ){0,2}(?:zły|zła|wściekł[ya]|wkurzon[ya]|sfrustrowan[ya])|mam (?:tego )?dość",
        r"idioci|debile|(?:głupi|bezużyteczny|beznadziejny|durny) (?:bot|robot|serwis|support)|strata czasu",
        r"do cholery|cholera jasna|kurwa|wkurza\w* mnie|szlag mnie|gówno|gówniany|gówniana",
    ),
    none=(
        r"(?:nie,? )?(?:żadn[aeyąo]|żadnego|żadnej|nic)(?: (?:z (?:tych|nich|powyższych)|nie pasuje|z tego))?",
        r"(?:nie,? )?(?:coś innego|inne|inna|inny)",
    ),
    places={
        "górna": 1,
        "górny": 1,
        "środkowa": 2,
        "pierwszy": 1,
        "pierwsza": 1,
        "pierwsze": 1,
        "pierwszą": 1,
        "jeden": 1,
        "drugi": 2,
        "druga": 2,
        "drugie": 2,
        "drugą": 2,
        "dwa": 2,
        "trzeci": 3,
        "trzecia": 3,
        "trzecie": 3,
        "trzecią": 3,
        "trzy": 3,
        "czwarty": 4,
        "czwarta": 4,
        "czwarte": 4,
        "czwartą": 4,
        "cztery": 4,
    },
    last="ostatnia|ostatni|ostatnie|dolna|dolny",
    place_before=r"(?:chodzi (?:mi )?o |mam na myśli |wybieram )?(?:ten |ta |to |tę |tą |numer |nr\.? |opcja |opcję )?",
    place_after="opcja|opcję|proszę|poproszę|dziękuję",
    place_said="tak|no|ok|dobrze|nie|dziękuję|dzięki|proszę|chyba|może|to jest|to|ta|ten|o|chcę|wybieram|biorę|chodzi o|opcja|raczej",
    forget=(
        r"(?:proszę )?(?:usuń|usuńcie|usunąć|skasuj|skasujcie|skasować) wszystko (?:o|na temat) mnie(?:,? proszę)?",
        (
            r"(?:proszę )?(?:zapomnij(?:cie)? o mnie|zapomnieć o mnie|(?:usuń|usuńcie|usunąć|skasuj|skasujcie|skasować) "
            r"(?:wszystkie )?(?:moje )?(?:dane(?: osobowe)?|wiadomości)|proszę o usunięcie (?:moich )?danych)(?:,? proszę)?"
        ),
        (
            r"(?:chcę|proszę o|chciałbym|chciałabym)(?:,? (?:aby|żeby)(?:ście)?)? (?:usunąć|usunięcia|usunięcie|usunęli|skasować|"
            r"usunięto) (?:wszystkie )?(?:moje dane|moich danych)(?: osobow(?:e|ych))?"
        ),
    ),
    stepwise=(
        (
            r"(?:proszę )?(?:(?:wyjaśnij|pokaż|opisz|możesz wyjaśnić) (?:to |mi to )?)?"
            r"(?:krok po kroku|po jednym kroku|po kolei|pojedynczo)(?:,? proszę)?"
        ),
    ),
    names={
        "en": "angielsku|angielski",
        "sv": "szwedzku|szwedzki",
        "de": "niemiecku|niemiecki",
        "es": "hiszpańsku|hiszpański",
        "fr": "francusku|francuski",
        "da": "duńsku|duński",
        "nb": "norwesku|norweski",
        "it": "włosku|włoski",
        "pt": "portugalsku|portugalski",
        "nl": "niderlandzku|niderlandzki|holendersku|holenderski",
        "fi": "fińsku|fiński",
        "pl": "polsku|polski",
    },
    names_before=(
        r"(?:czy )?(?:mówi pan|mówi pani|mówicie|mówisz|mówią państwo)(?: po)?|"
        r"po|(?:język|na)|(?:ja )?(?:mówię|wolę|piszę)(?: po)?|(?:proszę )?(?:pisz|piszcie|pisać|odpowiadaj|odpowiedz|odpowiadać|mów)"
        r"(?: po)?|(?:czy )?(?:możesz|możecie|możemy|można|mogę) (?:pisać|odpowiadać|mówić|rozmawiać)(?: po)?"
    ),
    names_after="proszę|poproszę|dziękuję|dzięki|tylko",
    function=words(
        """i a w we na do z ze o u od dla przez po przy za nad pod oraz lub albo ale też także że jak jest są był była było być
        mam masz ma mają mogę może można możesz muszę musi trzeba chcę chce ja mnie mi mój moja moje mojego mojej my nas nasz ty
        ciebie ci twój twoja pan pani państwo on ona oni ich jego jej się to ten ta te tego tej tym ten tu tam już tylko więc
        gdy jeśli proszę dziękuję dzień dobry cześć"""
    ),
    asking=words(
        "co kto kogo czego czemu jaki jaka jakie który która które kiedy gdzie dokąd skąd dlaczego jak ile czy"
    ),
    negations=words("nie bez nigdy żaden żadna żadne"),
    anaphora=words("to ten ta te tego tej tym nim nią je go"),
    opens="i|a|ale|lub|albo|a co z|a jeśli|co jeśli|to",
    asks=(r"jak|co|gdzie|kiedy|dlaczego|czemu|kto|ile|czy|jak(?:i|a|ie)|któr[yae]|(?:mogę|można|muszę)",),
    asks_on=r"(?:czy|moge|mozna|potrzebuje|dziala|jest|sa|musze|trzeba) \w+",
    asks_to=r"(?:chce|chcialbym|chcialabym|musze)",
    joins="i|a|oraz",
    unwanted=(
        r"\bnie (?:chce|chcialem|chcialam|chcialbym|chcialabym|zamierzam|mam zamiaru|prosilem|prosilam|planuje|bede)\b|\b(?:wole|wolalbym|wolalabym) nie\b|\bnigdy nie prosil\w+|\bw zadnym (?:razie|wypadku)\b",
        r"^(?:prosze |ale |i )*nie \w+(?:jcie|cie|uj|aj|ij|cz|sz)\b|\bprosze nie \w+c\b",
    ),
)
