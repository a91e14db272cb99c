//! The metrics that AWS services write, by namespace, from the CloudWatch page of each service's developer guide.

/// Whether the service writes such a metric; `None` for a namespace that is not known here.
pub(super) fn is_written(namespace: &str, metric: &str) -> Option<bool> {
    let metrics = WRITTEN
        .iter()
        .find_map(|(known, metrics)| (*known == namespace).then_some(*metrics))?;
    Some(metrics.split_ascii_whitespace().any(|known| known == metric))
}

const WRITTEN: [(&str, &str); 9] = [
    (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage ApproximateNumberOfGroupsWithInflightMessages \
         ApproximateNumberOfMessagesDelayed ApproximateNumberOfMessagesNotVisible \
         ApproximateNumberOfMessagesVisible ApproximateNumberOfNoisyGroups NumberOfDeduplicatedSentMessages \
         NumberOfEmptyReceives NumberOfMessagesDeleted NumberOfMessagesReceived NumberOfMessagesSent \
         SentMessageSize",
    ),
    (
        "AWS/SNS",
        "NumberOfMessagesPublished NumberOfNotificationsDelivered NumberOfNotificationsFailed \
         NumberOfNotificationsFailedToRedriveToDlq NumberOfNotificationsFilteredOut \
         NumberOfNotificationsFilteredOut-InvalidAttributes \
         NumberOfNotificationsFilteredOut-InvalidMessageBody \
         NumberOfNotificationsFilteredOut-MessageAttributes NumberOfNotificationsFilteredOut-MessageBody \
         NumberOfNotificationsFilteredOut-NoMessageAttributes NumberOfNotificationsRedrivenToDlq PublishSize \
         SMSMonthToDateSpentUSD SMSSuccessRate",
    ),
    (
        "AWS/Lambda",
        "AsyncEventAge AsyncEventsDropped AsyncEventsReceived ClaimedAccountConcurrency ConcurrentExecutions \
         DeadLetterErrors DeletedEventCount DestinationDeliveryFailures DroppedEventCount Duration Errors \
         FailedInvokeEventCount FilteredOutEventCount Invocations InvokedEventCount IteratorAge \
         OnFailureDestinationDeliveredEventCount OffsetLag OversizedRecordCount PolledEventCount \
         PostRuntimeExtensionsDuration ProvisionedConcurrencyInvocations \
         ProvisionedConcurrencySpilloverInvocations ProvisionedConcurrencyUtilization \
         ProvisionedConcurrentExecutions ProvisionedPollers RecursiveInvocationsDropped SignatureValidationErrors \
         Throttles UnreservedConcurrentExecutions",
    ),
    (
        "AWS/DynamoDB",
        "AccountMaxReads AccountMaxTableLevelReads AccountMaxTableLevelWrites AccountMaxWrites \
         AccountProvisionedReadCapacityUtilization AccountProvisionedWriteCapacityUtilization AgeOfOldestUnreplicatedRecord \
         ConditionalCheckFailedRequests ConsumedChangeDataCaptureUnits ConsumedReadCapacityUnits \
         ConsumedWriteCapacityUnits FailedToReplicateRecordCount MaxProvisionedTableReadCapacityUtilization \
         MaxProvisionedTableWriteCapacityUtilization OnDemandMaxReadRequestUnits OnDemandMaxWriteRequestUnits \
         OnlineIndexConsumedWriteCapacity OnlineIndexPercentageProgress OnlineIndexThrottleEvents \
         PendingReplicationCount ProvisionedReadCapacityUnits ProvisionedWriteCapacityUnits \
         ReadAccountLimitThrottleEvents ReadKeyRangeThroughputThrottleEvents \
         ReadMaxOnDemandThroughputThrottleEvents ReadProvisionedThroughputThrottleEvents ReadThrottleEvents \
         ReplicationLatency ReturnedBytes ReturnedItemCount ReturnedRecordsCount SuccessfulRequestLatency \
         SystemErrors ThrottledPutRecordCount ThrottledRequests TimeToLiveDeletedItemCount TransactionConflict \
         UserErrors WriteAccountLimitThrottleEvents WriteKeyRangeThroughputThrottleEvents \
         WriteMaxOnDemandThroughputThrottleEvents WriteProvisionedThroughputThrottleEvents WriteThrottleEvents",
    ),
    (
        "AWS/Events",
        "DeadLetterInvocations EventsReceived FailedInvocations IngestionToInvocationCompleteLatency \
         IngestionToInvocationStartLatency IngestionToInvocationSuccessLatency InvocationAttempts Invocations \
         InvocationsCreated InvocationsFailedToBeSentToDlq InvocationsSentToDlq MatchedEvents \
         PutEventsApproximateCallCount PutEventsApproximateFailedCount PutEventsApproximateSuccessCount \
         PutEventsApproximateThrottledCount PutEventsEntriesCount PutEventsFailedEntriesCount \
         PutEventsLatency PutEventsRequestSize RetryInvocationAttempts SuccessfulInvocationAttempts \
         ThrottledRules TriggeredRules",
    ),
    (
        "AWS/ApiGateway",
        "4XXError 4xx 5XXError 5xx CacheHitCount CacheMissCount ClientError ConnectCount Count DataProcessed \
         ExecutionError IntegrationError IntegrationLatency Latency MessageCount",
    ),
    (
        "AWS/RDS",
        "BinLogDiskUsage BurstBalance CPUCreditBalance CPUCreditUsage CPUUtilization ConnectionAttempts DBLoad \
         DBLoadCPU DBLoadNonCPU DatabaseConnections DiskQueueDepth EBSByteBalance% EBSIOBalance% FreeStorageSpace \
         FreeableMemory NetworkReceiveThroughput NetworkTransmitThroughput ReadIOPS ReadLatency ReadThroughput \
         ReplicaLag SwapUsage WriteIOPS WriteLatency WriteThroughput",
    ),
    (
        "AWS/Logs",
        "CallCount DeliveryErrors DeliveryThrottling EMFParsingErrors EMFValidationErrors ErrorCount \
         ForwardedBytes ForwardedLogEvents IncomingBytes IncomingLogEvents ThrottleCount",
    ),
    ("AWS/Usage", "CallCount ResourceCount ThrottleCount"),
];

#[cfg(test)]
mod tests {
    use super::is_written;

    #[test]
    fn a_metric_is_known_in_its_own_namespace_alone() {
        assert_eq!(is_written("AWS/SQS", "ApproximateAgeOfOldestMessage"), Some(true));
        assert_eq!(is_written("AWS/SQS", "Errors"), Some(false));
        assert_eq!(
            is_written("AWS/SQS", "approximateageofoldestmessage"),
            Some(false)
        );
        assert_eq!(is_written("Ours", "Errors"), None);
    }
}
