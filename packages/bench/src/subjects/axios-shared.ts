import type {Subject} from '../subject.ts';
import {configuration, openAxios} from './axios-cache-interceptor.ts';

export const subject: Subject = {
  configuration: `${configuration} cloneData false, the default: all callers are given one object.`,
  open: environment => openAxios(environment, 'shared'),
};
