namespace ClientFailover.Service.Audit;

/// <summary>An entry with its time.</summary>
/// <param name="Time">When it was recorded, UTC.</param>
/// <param name="Entry">The entry.</param>
internal readonly record struct AuditRecord(DateTimeOffset Time, AuditEntry Entry);
