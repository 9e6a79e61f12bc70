"""Small words that matter while a text arrives: those after which a value follows, and hinges.

They are data. A word that *announces* makes the next words wait until they are looked at, even
when they are plain: “my password is hunter”. *Everyday* words stand in harmful phrases too, but
say nothing there by themselves. A *hinge* waits for the word after it, because names and dates
begin with it: “van Gogh”, “de la Cruz”, “may 5”.
"""

from __future__ import annotations

from typing import Final

_ANNOUNCING: Final = """
password passwords passwd pwd passphrase passcode pass secret secrets token tokens key keys pin pins
credential credentials login logins username user userid handle alias nickname apikey otp cvv cvc
passwort kennwort geheimnis benutzername benutzer kennung schlüssel
contraseña clave usuario secreto senha usuário segredo chave
identifiant utilisateur secret clef clé
utente segreto chiave wachtwoord gebruiker gebruikersnaam sleutel geheim
name named surname firstname lastname called heiße heisst heißt namens
nombre llamo nome chiamo appelle prénom nom heet naam
dot punkt punto ponto arobase
"""

_HINGES: Final = """
van von vom zu zur der den dem des de del della dello di da dos das do du la las le les lo los el
al bin ibn ben ter ten af av mac st
dr mr mrs ms prof sir
rue avenue boulevard place calle avenida plaza paseo via viale piazza corso rua travessa largo
jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august
september october november december januar februar märz mai juni juli oktober dezember
janvier février mars avril juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
januari februari maart mei augustus
monday tuesday wednesday thursday friday saturday sunday
"""

_EVERYDAY: Final = """
about that this these those with from your have will been what they them their there when then than
into over only even also just such other some more most were which would could should again before
after above below between under where while going make want need know like time people
"""

ANNOUNCING: Final = frozenset(_ANNOUNCING.split())
HINGES: Final = frozenset(_HINGES.split())
EVERYDAY: Final = frozenset(_EVERYDAY.split())
