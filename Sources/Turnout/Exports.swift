// `import Turnout` is all that a file needs: the core comes along, and macros write `Turnout.Schema` and the like.
@_exported public import TurnoutCore
