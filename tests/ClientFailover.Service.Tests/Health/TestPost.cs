using ClientFailover.HealthReceiver;
using ClientFailover.Service.Health.Omf;

namespace ClientFailover.Service.Tests.Health;

/// <summary>Requests as they should come.</summary>
internal static class TestPost
{
    public static OmfPost Of(OmfMessage message)
    {
        var headers = Headers(message.MessageType, message.Action);
        if (message.IsCompressed)
        {
            headers["compression"] = "gzip";
        }

        return new OmfPost(headers, message.Content);
    }

    public static OmfPost Of(string type, string action, string body) => new(Headers(type, action), System.Text.Encoding.UTF8.GetBytes(body));

    public static Dictionary<string, string> Headers(string type, string action) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["messagetype"] = type,
        ["messageformat"] = "json",
        ["omfversion"] = "1.2",
        ["action"] = action,
        ["Content-Type"] = "application/json",
        ["X-Requested-With"] = "XMLHttpRequest",
    };
}
