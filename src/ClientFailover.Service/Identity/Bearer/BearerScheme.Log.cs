using System.Net;

namespace ClientFailover.Service.Identity.Bearer;

internal sealed partial class BearerScheme
{
    [LoggerMessage(3020, LogLevel.Warning, "A token from {Address} was refused: {Reason}")]
    private partial void LogRefused(IPAddress? address, string reason);

    [LoggerMessage(3021, LogLevel.Error, "The identity provider {Authority} cannot be asked for its keys, so no token can be judged: {Reason}")]
    private partial void LogUnavailable(string authority, string reason);

    [LoggerMessage(3022, LogLevel.Warning, "The token of {Name} has no role of this service: claim {Claim} has none of the values that are mapped, or the tenant is missing")]
    private partial void LogWithoutRole(string name, string claim);
}
