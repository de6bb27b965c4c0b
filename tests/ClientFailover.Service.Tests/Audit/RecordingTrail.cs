using ClientFailover.Service.Audit;

namespace ClientFailover.Service.Tests.Audit;

/// <summary>Keeps what was recorded.</summary>
internal sealed class RecordingTrail : IAuditTrail
{
    public List<AuditEntry> Entries { get; } = [];

    public void Record(AuditEntry entry)
    {
        lock (Entries)
        {
            Entries.Add(entry);
        }
    }
}
