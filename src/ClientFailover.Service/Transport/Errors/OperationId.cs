using System.Diagnostics;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>Names a request, in its error reply and in the log alike: its trace id.</summary>
internal static class OperationId
{
    /// <summary>That of the current request; a new one when the request is not traced.</summary>
    public static string Current => (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();
}
