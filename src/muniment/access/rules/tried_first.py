"""The words people choose first, from lists of leaked passwords."""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
abc abcabc abcdef abcdefg access admin administrator amanda amazon america andrew android angel
angels anything apple april arsenal asdfgh asdfghjkl ashley august autumn azerty baby babygirl
bailey banana barcelona baseball basketball batman berlin blessed brother business buster
butterfly changeme changethis charlie cheese chelsea chocolate cisco coffee company computer
contrasena cookie cooper corporate correcthorsebatterystaple corvette cowboys daniel daniela
database december default diamond dragon employee employees england everything facebook family
father february ferrari flower flowers football forever france freedom friday friend friends
george germany ginger god golden goodbye google guest harley haslo heaven hello helloworld heslo
hockey honey hunter iloveyou instagram internet iphone january jasper jennifer jessica jesus
jordan joshua july june killer letmein linux liverpool login london love lovely lover loveyou
madrid maggie manager manchester march master matrix matthew mercedes michael michelle microsoft
monday monkey motdepasse mother muniment mustang mypassword naruto network newpassword nicole
nopassword nothing november october office oldpassword oracle orange paris parola password
passwordpassword passwort peace pepper pokemon porsche princess private purple qazwsx qazwsxedc
qwerty qwertyuiop qwertz rainbow ranger realmadrid robert rocky root salasana samsung saturday
secret secure security senha september server shadow silver sister soccer something spiderman
spring starwars steelers summer sunday sunshine superadmin superman sweet sweetheart sysadmin temp
temporary test testing thisisapassword thomas thursday tigger trustno tuesday twitter unicorn
united user wachtwoord webmaster wednesday welcome welcomehome whatever william windows winter xyz
yankees yellow yourpassword youtube zxcvbn zxcvbnm
"""
COMMON: Final = frozenset(_WORDS.split())
