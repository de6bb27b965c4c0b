using System.Globalization;
using ClientFailover.Service.Groups;

namespace ClientFailover.Service.Transport.Adapters;

/// <content>Its messages.</content>
internal sealed partial class AdapterService
{
    private const int LongestVersion = 64;

    private void LogConnects(GroupKey group, V1.Hello hello) =>
        LogConnects(group, hello.SessionId, ModeOf(hello.Mode), VersionText(hello.AdapterVersion), VersionText(hello.LibraryVersion));

    private static string ModeOf(V1.FailoverMode mode) => mode switch
    {
        V1.FailoverMode.Hot => "hot",
        V1.FailoverMode.Warm => "warm",
        V1.FailoverMode.Cold => "cold",
        _ => "mode not told",
    };

    // As adapters write it, less what would write lines or commands of its own into a log.
    private static string VersionText(string version)
    {
        var text = version.Length > LongestVersion ? version[..LongestVersion] : version;
        return text.Length == 0 ? "not told" : string.Concat(text.Select(c => IsPlain(c) ? c : '?'));
    }

    private static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate);

    [LoggerMessage(5021, LogLevel.Information, "Group {Group}: session {Session} connects: {Mode}, adapter {AdapterVersion}, library {LibraryVersion}.")]
    private partial void LogConnects(GroupKey group, string session, string mode, string adapterVersion, string libraryVersion);
}
