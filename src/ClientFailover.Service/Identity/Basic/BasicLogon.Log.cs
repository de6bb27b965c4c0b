using System.Net;

namespace ClientFailover.Service.Identity.Basic;

internal sealed partial class BasicLogon
{
    [LoggerMessage(3010, LogLevel.Warning, "Logon of {Name} from {Address} failed")]
    private partial void LogFailed(string name, IPAddress? address);

    // Debug: whoever is limited could fill the log otherwise; the failures before it are in the log.
    [LoggerMessage(3011, LogLevel.Debug, "Logon of {Name} from {Address} was not tried: too many failures")]
    private partial void LogLimited(string name, IPAddress? address);

    [LoggerMessage(3012, LogLevel.Debug, "A logon was not tried: too many are waiting")]
    private partial void LogBusy();
}
