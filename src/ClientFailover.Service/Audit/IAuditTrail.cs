namespace ClientFailover.Service.Audit;

/// <summary>Keeps who did what. Never throws and never blocks: an audit that cannot be written is itself an error in the log.</summary>
internal interface IAuditTrail
{
    /// <summary>Records an entry; its time is now.</summary>
    /// <param name="entry">The entry.</param>
    void Record(AuditEntry entry);
}
