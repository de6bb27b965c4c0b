using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Audit;

/// <summary>Responsible for the audit of commands: they write to the files of the service, whether or not it runs.</summary>
internal static class CommandAudit
{
    /// <summary>Records what a command did. A command that is done is not undone because this cannot be written: it says so.</summary>
    /// <param name="options">Where the data are, and how much of the audit is kept.</param>
    /// <param name="entry">The entry.</param>
    public static void Record(ServiceOptions options, AuditEntry entry)
    {
        try
        {
            new AuditFolder(options.DataDirectory, options, TimeProvider.System).Append([new AuditRecord(TimeProvider.System.GetUtcNow(), entry)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"This could not be written to the audit: {e.Message}");
        }
    }
}
