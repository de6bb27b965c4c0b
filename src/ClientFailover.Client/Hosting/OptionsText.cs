using System.Text.Json;

namespace ClientFailover.Client.Hosting;

/// <summary>Rules of comparing options: by all they say but the mode. The text holds secrets, and is never shown.</summary>
internal static class OptionsText
{
    public static string Of(FailoverOptions options)
    {
        var members = JsonSerializer.SerializeToNode(options)!.AsObject();
        members.Remove(nameof(FailoverOptions.Mode));
        return members.ToJsonString();
    }
}
